package dev.grantbook.portability;

import java.util.List;
import java.util.stream.Stream;

/** Choices of whoever starts the build. */
final class Words {

    private Words() {}

    /** The values of a system property, separated by commas; none where it is not set. */
    static List<String> of(String property) {
        return Stream.of(System.getProperty(property, "").split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
