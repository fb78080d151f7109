package dev.grantbook.console;

/**
 * What can be chosen in a filter.
 *
 * @param value as the address has it
 */
public record Option(String value, String name) {}
