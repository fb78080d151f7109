package dev.grantbook.connector;

/**
 * How a connector makes sure that whoever finished is the chat user who was asked: links get forwarded (RFC 9700
 * section 4.7 shows what comes of it).
 */
public enum Confirmation {
    /** Whoever finishes is taken for the chat user; right where the account does not matter. */
    NONE,
    /** The bot's subject is the provider's account id: right where the messenger is the provider. */
    SUBJECT,
    /** Every invitation must name the account that is expected. */
    ACCOUNT,
    /** Whoever finishes sees a short code, and the chat user hands it to the bot, which passes it back. */
    CODE
}
