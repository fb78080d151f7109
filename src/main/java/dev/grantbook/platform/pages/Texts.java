package dev.grantbook.platform.pages;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.text.AttributedCharacterIterator;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;

/** Texts in the language of the current page: {@code #{text.of('connect.title', name)}}. */
@Named("text")
@ApplicationScoped
public class Texts {

    private static final PerLanguage<ResourceBundle> TEXTS = PerLanguage.readTexts("dev.grantbook.texts.messages");

    private static final PerLanguage<Map<String, MessageFormat>> FORMATS =
            PerLanguage.make(language -> new ConcurrentHashMap<>());

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withZone(ZoneOffset.UTC);

    /** @param values for {@code {0}}, {@code {1}} and so on */
    public String of(String key, Object... values) {
        return in(locale(), key, values);
    }

    /** Formats a day of UTC, since the visitor's time zone is not known. */
    public String day(Instant moment) {
        return DAY.withLocale(locale()).format(moment);
    }

    public static String in(Locale locale, String key, Object... values) {
        return fill(locale, TEXTS.in(locale).getString(key), values);
    }

    /** Fills a text of another bundle, in the page's language. */
    public String fill(String pattern, Object... values) {
        return fill(locale(), pattern, values);
    }

    /**
     * Fills {@code {0}}, {@code {1}} and so on. In Chinese, a value gets a space where Han meets letters or digits of
     * another script, and none where Han meets Han.
     */
    public static String fill(Locale locale, String pattern, Object... values) {
        MessageFormat format = format(locale, pattern);
        return Languages.isChinese(locale) ? space(format.formatToCharacterIterator(values)) : format.format(values);
    }

    /** Parses each of our texts once, and copies the format: threads must not share one. */
    private static MessageFormat format(Locale locale, String pattern) {
        return (MessageFormat) FORMATS.in(locale)
                .computeIfAbsent(pattern, text -> new MessageFormat(text, Languages.choose(locale, null)))
                .clone();
    }

    private static String space(AttributedCharacterIterator filled) {
        var text = new StringBuilder();
        var edges = new ArrayDeque<Integer>();
        for (int index = 0; index < filled.getEndIndex(); index++) {
            text.append(filled.setIndex(index));
            if (index > 0 && index == filled.getRunStart(MessageFormat.Field.ARGUMENT)) {
                edges.push(index);
            }
        }
        edges.forEach(edge -> space(text, edge));
        return text.toString();
    }

    private static void space(StringBuilder text, int edge) {
        int start = text.charAt(edge - 1) == ' ' ? edge - 1 : edge;
        int end = start == edge && text.charAt(edge) == ' ' ? edge + 1 : edge;
        if (start == 0 || end == text.length()) {
            return;
        }
        int before = text.codePointBefore(start);
        int after = text.codePointAt(end);
        if (Character.isLetterOrDigit(before) && Character.isLetterOrDigit(after) && (isHan(before) || isHan(after))) {
            text.replace(start, end, isHan(before) && isHan(after) ? "" : " ");
        }
    }

    private static boolean isHan(int character) {
        return Character.UnicodeScript.of(character) == Character.UnicodeScript.HAN;
    }

    /** Finds a text that may be missing, without filling in values. */
    public static Optional<String> find(Locale locale, String key) {
        ResourceBundle bundle = TEXTS.in(locale);
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
