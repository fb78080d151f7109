package dev.grantbook.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What the address of a list asks for. It carries the filters, so that a list can be kept and shared, and people change it. */
public final class ListAddress {

    private final HttpServletRequest request;
    private final List<String> ignored = new ArrayList<>();

    public ListAddress(HttpServletRequest request) {
        this.request = request;
    }

    /** A part of it; empty when it is not there, or is not sound. */
    public String parameter(String name, Predicate<String> sound) {
        String given = request.getParameter(name);
        String value = given == null ? "" : given.strip();
        if (value.isEmpty()) {
            return "";
        }
        // A database refuses texts with such characters.
        boolean plain = value.chars().noneMatch(Character::isISOControl) && isWellFormed(value);
        if (plain && sound.test(value)) {
            return value;
        }
        ignored.add(name);
        return "";
    }

    private static boolean isWellFormed(String value) {
        return value.codePoints().noneMatch(code -> code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE);
    }

    /** Parts that say nothing we know. */
    public List<String> ignored() {
        return ignored;
    }
}
