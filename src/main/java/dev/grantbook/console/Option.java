package dev.grantbook.console;

/** A choice of a filter; the value is the parameter's. */
public record Option(String value, String name) {}
