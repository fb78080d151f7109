package dev.grantbook.platform.web;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a format by {@code Accept} (RFC 9110 section 12.5.1). A header that names none of the formats, or cannot be
 * read, chooses the first: section 15.5.7 prefers that to a 406.
 */
public final class AcceptHeader {

    private static final Pattern WEIGHT = Pattern.compile("q=[01](\\.[0-9]{0,3})?");

    private AcceptHeader() {}

    /** Offers media types in lower case, the preferred ones first; a header of many lines is joined by commas. */
    public static String choose(@Nullable String header, List<String> offered) {
        String best = offered.get(0);
        double most = 0;
        for (String type : offered) {
            double quality = header == null ? 1 : quality(header, type);
            if (quality > most) {
                best = type;
                most = quality;
            }
        }
        return best;
    }

    /** Weight of the range that matches the type most specifically. */
    private static double quality(String header, String type) {
        int precision = 0;
        double quality = 0;
        for (String range : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            int fits = fits(parts[0].strip(), type);
            if (fits > precision) {
                precision = fits;
                quality = weight(parts);
            }
        }
        return quality;
    }

    /** How specifically a range matches a type; 0 when it does not. Java's own client sends a single star. */
    private static int fits(String range, String type) {
        if (range.equals(type)) {
            return 3;
        }
        if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
            return 2;
        }
        return range.equals("*/*") || range.equals("*") ? 1 : 0;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (WEIGHT.matcher(parameter).matches()) {
                return Math.min(1, Double.parseDouble(parameter.substring(2)));
            }
        }
        return 1;
    }
}
