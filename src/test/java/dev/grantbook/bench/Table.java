package dev.grantbook.bench;

import java.util.List;
import java.util.Locale;

/** A table in Markdown: columns of text, and then columns of numbers. */
final class Table {

    private final StringBuilder text = new StringBuilder();

    /** @param texts how many columns are texts */
    Table(int texts, List<String> titles) {
        row(titles);
        text.append("|---".repeat(texts))
                .append("|---:".repeat(titles.size() - texts))
                .append("|\n");
    }

    void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Writes a number, or a dash where it is not known. */
    static String number(double value, int decimals) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
