//! What can be done with dialogs, and what their documents look like.

use super::{get, list, post, put};
use crate::operation::{self, Fault, Gives, Operation, Shape, Who, number, parts, text, word};

const MEDIA_PROPERTIES: Shape = parts(
    "mediaProperties",
    &[
        text("DNIS"),
        text("callGUID").optional(),
        number("callKeyCallId", 0, u32::MAX as i64).optional(),
        number("callKeyPrefix", 0, u32::MAX as i64).optional(),
        number("callKeySequenceNum", 0, u32::MAX as i64).optional(),
        text("callType"),
        parts("callvariables", &[parts("CallVariable", &[text("name"), text("value")]).many()]),
        text("dialedNumber"),
        number("mediaId", 1, 1),
        text("outboundClassification"),
        text("queueName"),
        text("queueNumber"),
        text("wrapUpReason"),
    ],
);
const PARTICIPANT: Shape = parts(
    "Participant",
    &[
        parts("actions", &[text("action").many()]),
        text("mediaAddress"),
        text("mediaAddressType"),
        text("startTime"),
        text("state"),
        text("stateCause"),
        text("stateChangeTime"),
    ],
);
const DIALOG: Shape = parts(
    "Dialog",
    &[
        text("associatedDialogUri"),
        text("fromAddress"),
        text("id"),
        MEDIA_PROPERTIES,
        text("mediaType"),
        parts("participants", &[PARTICIPANT.many()]),
        parts("scheduledCallbackInfo", &[text("callbackNumber"), text("callbackTime")]).optional(),
        text("secondaryId"),
        text("state"),
        text("toAddress"),
        text("uri"),
    ],
);
/// Of a task, much of it is left out.
const CALL_OR_TASK: Shape = parts(
    "Dialog",
    &[
        text("associatedDialogUri"),
        text("fromAddress").optional(),
        text("id"),
        parts("mediaProperties", CALL_OR_TASK_PROPERTIES),
        text("mediaType"),
        parts("participants", &[CALL_OR_TASK_PARTICIPANT.many()]),
        parts("scheduledCallbackInfo", &[text("callbackNumber"), text("callbackTime")]).optional(),
        text("secondaryId").optional(),
        text("state"),
        text("toAddress").optional(),
        text("uri"),
    ],
);
const CALL_OR_TASK_PROPERTIES: &[Shape] = &[
    text("DNIS").optional(),
    text("callGUID").optional(),
    number("callKeyCallId", 0, u32::MAX as i64).optional(),
    number("callKeyPrefix", 0, u32::MAX as i64).optional(),
    number("callKeySequenceNum", 0, u32::MAX as i64).optional(),
    text("callType").optional(),
    parts("callvariables", &[parts("CallVariable", &[text("name"), text("value")]).many()]),
    text("dialedNumber"),
    text("dispositionCode").optional(),
    number("mediaId", 1, u32::MAX as i64),
    text("outboundClassification").optional(),
    text("queueName").optional(),
    text("queueNumber").optional(),
    text("wrapUpReason").optional(),
];
const CALL_OR_TASK_PARTICIPANT: Shape = parts(
    "Participant",
    &[
        parts("actions", &[text("action").many()]),
        text("mediaAddress"),
        text("mediaAddressType").optional(),
        text("startTime"),
        text("state"),
        text("stateCause").optional(),
        text("stateChangeTime"),
    ],
);
const DIALOGS: Shape = parts("Dialogs", &[DIALOG.many()]);

const CALL_DATA: Shape = parts(
    "mediaProperties",
    &[
        text("wrapUpReason").optional(),
        parts("callvariables", &[parts("CallVariable", &[text("name"), text("value")]).many()]).optional(),
    ],
);
const NEW: Shape = parts(
    "Dialog",
    &[
        word("requestedAction", &["MAKE_CALL", "SILENT_MONITOR", "BARGE_CALL"]),
        text("fromAddress"),
        text("toAddress"),
        text("associatedDialogUri").optional(),
        CALL_DATA.optional(),
    ],
);
const ACTION: Shape = parts(
    "Dialog",
    &[
        word(
            "requestedAction",
            &[
                "ANSWER",
                "HOLD",
                "RETRIEVE",
                "DROP",
                "CONSULT_CALL",
                "TRANSFER",
                "CONFERENCE",
                "TRANSFER_SST",
                "SEND_DTMF",
                "UPDATE_CALL_DATA",
                "PARTICIPANT_DROP",
                "ACCEPT",
                "REJECT",
                "CLOSE",
                "RECLASSIFY",
                "UPDATE_SCHEDULED_CALLBACK",
                "CANCEL_SCHEDULED_CALLBACK",
                "START",
                "PAUSE",
                "RESUME",
                "WRAP_UP",
            ],
        ),
        text("targetMediaAddress").optional(),
        text("toAddress").optional(),
        text("target").optional(),
        parts("actionParams", &[parts("ActionParam", &[text("name"), text("value")]).many()]).optional(),
        CALL_DATA.optional(),
    ],
);
/// What the floor may refuse at once.
const REFUSED: &[Fault] = &[
    Fault::PARAMETER_MISSING,
    Fault::INVALID_INPUT,
    Fault::INVALID_STATE,
    Fault::INVALID_DESTINATION,
    Fault::NOT_CONTROLLER,
    Fault::CONFERENCE_FULL,
    Fault::NOT_OWN,
    Fault::NOT_SUPERVISED,
    Fault::STATE_OF_DTMF,
    Fault::USER_NOT_FOUND,
    Fault::NOT_FOUND,
    Fault::NOT_IMPLEMENTED,
];

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/User/{id}/Dialogs", list)
            .title("An agent's calls")
            .who(Who::Own)
            .answers(&DIALOGS)
            .fails(&[Fault::USER_NOT_FOUND]),
        operation::post("/User/{id}/Dialogs", post)
            .title("Makes a call, or listens to one")
            .who(Who::OnlyOwn)
            .takes(&NEW)
            .gives(Gives::Accepted)
            .fails(REFUSED),
        operation::get("/Dialog/{id}", get)
            .title("A call, or a task")
            .who(Who::Own)
            .answers(&CALL_OR_TASK)
            .fails(&[Fault::NOT_FOUND]),
        operation::put("/Dialog/{id}", put)
            .title("Does something with a call, or a task")
            .who(Who::OnlyOwn)
            .takes(&ACTION)
            .gives(Gives::Accepted)
            .fails(REFUSED),
    ]
}
