//! Bounds: those of the Finesse guides where no other reason is given.

/// Reason codes of one category for every team.
pub const GLOBAL_REASON_CODES_MAX: usize = 100;

/// Reason codes of one category that are assigned to teams.
pub const TEAM_REASON_CODES_MAX: usize = 100;

/// Bytes of a reason code's label.
pub const REASON_LABEL_BYTES_MAX: usize = 40;

/// Highest code of CCX; CCE's is that of its 16 bits.
pub const CCX_CODE_MAX: u16 = 999;

/// Wrap-up reasons for every team.
pub const GLOBAL_WRAP_UP_REASONS_MAX: usize = 100;

/// Wrap-up reasons that are assigned to teams.
pub const TEAM_WRAP_UP_REASONS_MAX: usize = 1_500;

/// Bytes of a wrap-up reason: what the phone system's field holds.
pub const WRAP_UP_LABEL_BYTES_MAX: usize = 39;

/// Phone books for everybody.
pub const GLOBAL_PHONE_BOOKS_MAX: usize = 10;

/// Phone books of teams.
pub const TEAM_PHONE_BOOKS_MAX: usize = 300;

/// Bytes of a phone book's name.
pub const PHONE_BOOK_NAME_BYTES_MAX: usize = 64;

/// Contacts of one phone book, and of one answer.
pub const CONTACTS_IN_BOOK_MAX: usize = 6_000;

/// Contacts of all phone books.
pub const CONTACTS_MAX: usize = 50_000;

/// Bytes of a contact's names and description.
pub const CONTACT_TEXT_BYTES_MAX: usize = 128;

/// Bytes of a contact's phone number.
pub const PHONE_NUMBER_BYTES_MAX: usize = 32;

/// Workflows, and workflow actions.
pub const WORKFLOWS_MAX: usize = 100;

/// Bytes of a workflow's name.
pub const WORKFLOW_NAME_BYTES_MAX: usize = 40;

/// Bytes of descriptions.
pub const DESCRIPTION_BYTES_MAX: usize = 128;

/// Conditions, triggers, or actions of one workflow; variables of one action.
pub const WORKFLOW_PARTS_MAX: usize = 5;

/// Bytes of an action's name.
pub const ACTION_NAME_BYTES_MAX: usize = 64;

/// Parameters of an action: the guide's longest list has four.
pub const PARAMS_MAX: usize = 20;

/// Bytes of names of parameters and variables.
pub const NAME_BYTES_MAX: usize = 128;

/// Bytes of values: an address with its parameters.
pub const VALUE_BYTES_MAX: usize = 4_096;

/// Call-data layouts beside the default one.
pub const CUSTOM_LAYOUTS_MAX: usize = 200;

/// Bytes of a call-data layout's name.
pub const LAYOUT_NAME_BYTES_MAX: usize = 40;

/// Columns of a call-data layout.
pub const LAYOUT_COLUMNS_MAX: usize = 2;

/// Lines of one column.
pub const LAYOUT_ENTRIES_MAX: usize = 10;

/// Bytes of what agents read before a value.
pub const DISPLAY_NAME_BYTES_MAX: usize = 50;

/// Bytes of a desktop layout: what fits a request with room for its escapes.
pub const DESKTOP_LAYOUT_BYTES_MAX: usize = 200 * 1024;

/// Desktop layouts: the default one and one for each team.
pub const DESKTOP_LAYOUTS_MAX: u32 = 10_001;

/// Workflows assigned to one team.
pub const TEAM_WORKFLOWS_MAX: usize = 20;

/// Objects of other kinds assigned to one team.
pub const ASSIGNED_MAX: usize = 1_500;

/// Bytes of a host name (RFC 1035 §2.3.4).
pub const HOST_BYTES_MAX: usize = 255;

/// Bytes of the names by which a database is reached: those of SQL Server have up to 128.
pub const DATABASE_TEXT_BYTES_MAX: usize = 128;
