package dev.grantbook.grant;

/**
 * Something happened to a grant: fired in the transaction that writes it down, so that whoever tells it to others tells
 * it exactly when it is true.
 *
 * @param grant as it is now
 */
public record Happened(Grant grant, GrantEvent event) {}
