package dev.grantbook.console;

import dev.grantbook.console.Notes.Note;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.pages.PerLanguage;
import dev.grantbook.platform.pages.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The console's texts in the page's language, and notices for the next page. */
@Named("say")
@RequestScoped
public class TextsBacking {

    private static final PerLanguage<ResourceBundle> TEXTS = PerLanguage.readTexts("dev.grantbook.console.messages");

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofLocalizedDateTime(
                    FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withZone(ZoneOffset.UTC);

    private static final String KEY = "api-key:";
    private static final String ADMINISTRATOR = "administrator:";

    /** Actors that are no names and have texts. */
    private static final Set<String> ACTORS = Set.of("user", "provider", "facebook", "grantbook");

    @Inject
    Notes notes;

    private @Nullable List<Note> announced;

    /** @param values fill in {@code {0}}, {@code {1}} and so on */
    public String of(String key, Object... values) {
        Locale locale = locale();
        return Texts.fill(locale, TEXTS.in(locale).getString(key), values);
    }

    /** A text without values; empty when there is none. */
    public Optional<String> find(String key) {
        ResourceBundle bundle = TEXTS.in(locale());
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }

    /** Describes the actor of a history's line. */
    public String actor(String actor) {
        if (actor.startsWith(KEY)) {
            return of("actor.api-key", actor.substring(KEY.length()));
        }
        if (actor.startsWith(ADMINISTRATOR)) {
            return of("actor.administrator", actor.substring(ADMINISTRATOR.length()));
        }
        return ACTORS.contains(actor) ? of("actor." + actor) : actor;
    }

    /** To the minute and in UTC: administrators compare it with logs. Empty for never. */
    public String moment(@Nullable Instant moment) {
        return moment == null ? "" : MOMENT.withLocale(locale()).format(moment) + " UTC";
    }

    public Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }

    public void tell(String key, Object... values) {
        notes.add(new Note("works", of(key, values), ""));
    }

    /** @param code shown once behind the text, to be copied */
    public void hand(Secret code, String key, Object... values) {
        notes.add(new Note("works", of(key, values), code.value()));
    }

    public void warn(String key, Object... values) {
        notes.add(new Note("alert", of(key, values), ""));
    }

    /** Notices of this page. */
    public List<Note> getNotes() {
        if (announced == null) {
            announced = notes.take();
        }
        return announced;
    }
}
