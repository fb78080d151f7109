package dev.grantbook.console;

import dev.grantbook.console.Notes.Note;
import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The sentences of the console, in the language of the page at hand. */
@Named("say")
@RequestScoped
public class TextsBacking {

    private static final String BUNDLE = "dev.grantbook.console.messages";

    @Inject
    Notes notes;

    private @Nullable List<Note> announced;

    /** @param values fill in {@code {0}}, {@code {1}} and so on */
    public String of(String key, Object... values) {
        Locale locale = locale();
        return new MessageFormat(ResourceBundle.getBundle(BUNDLE, locale).getString(key), locale).format(values);
    }

    /** A sentence without values that may be missing. */
    public Optional<String> find(String key) {
        ResourceBundle bundle = ResourceBundle.getBundle(BUNDLE, locale());
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }

    /** To the minute and in UTC: administrators compare it with logs. Empty for never. */
    public String moment(@Nullable Instant moment) {
        return moment == null
                ? ""
                : DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                                .withLocale(locale())
                                .format(moment.atZone(ZoneOffset.UTC))
                        + " UTC";
    }

    public Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }

    public void tell(String key, Object... values) {
        notes.add(new Note("works", of(key, values), ""));
    }

    /** @param code is shown behind the sentence, ready to be copied, and never again */
    public void hand(Secret code, String key, Object... values) {
        notes.add(new Note("works", of(key, values), code.value()));
    }

    public void warn(String key, Object... values) {
        notes.add(new Note("alert", of(key, values), ""));
    }

    /** What is to be told on this page. */
    public List<Note> getNotes() {
        if (announced == null) {
            announced = notes.take();
        }
        return announced;
    }
}
