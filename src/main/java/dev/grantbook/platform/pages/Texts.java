package dev.grantbook.platform.pages;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;

/** The sentences of the page at hand, in its language: {@code #{text.of('connect.title', name)}}. */
@Named("text")
@RequestScoped
public class Texts {

    private static final String BUNDLE = "dev.grantbook.texts.messages";

    /** @param values fill in {@code {0}}, {@code {1}} and so on */
    public String of(String key, Object... values) {
        return in(locale(), key, values);
    }

    /** A day, as people of the page's language write it. Days are those of UTC: nobody tells us where a visitor is. */
    public String day(Instant moment) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale())
                .format(moment.atZone(ZoneOffset.UTC));
    }

    public static String in(Locale locale, String key, Object... values) {
        return new MessageFormat(ResourceBundle.getBundle(BUNDLE, locale).getString(key), locale).format(values);
    }

    /** A sentence without values that may be missing. */
    public static Optional<String> find(Locale locale, String key) {
        ResourceBundle bundle = ResourceBundle.getBundle(BUNDLE, locale);
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
