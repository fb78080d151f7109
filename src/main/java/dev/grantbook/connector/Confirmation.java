package dev.grantbook.connector;

/**
 * How a connector makes sure that the user who finishes is the chat user who was asked, since links get forwarded (RFC
 * 9700 section 4.7).
 */
public enum Confirmation {
    /** Not at all: right where the account does not matter. */
    NONE,
    /** The subject is the account id: right where the messenger is the provider. */
    SUBJECT,
    /** Each invitation names the expected account. */
    ACCOUNT,
    /** The user who finishes sees a code, which the chat user gives to the bot. */
    CODE
}
