/** How long the web service's presence is waited for at sign-in; it follows one's own at once. */
export const PRESENCE_MS = 5_000;

/** Server time and condition are asked for this often, as the original's desktop does. */
export const MEASURE_EVERY_MS = 60_000;

/** How long the green banner stays. */
export const RESTORED_MS = 8_000;

/** When the notification service is back and the web service is not: pause between questions. */
export const RESUME_EVERY_MS = 3_000;

/**
 * After a longer gap an agent whom the gap signed out is asked to sign in again: nobody wants to be at work because a
 * computer woke up at home.
 */
export const RESUME_SIGN_IN_MS = 15 * 60_000;

/** Characters of a telephone number from which on it is blotted out of the client log. */
export const HIDDEN_NUMBER_MIN = 5;
