package dev.grantbook.platform.problem;

import dev.grantbook.platform.observability.Trace;
import dev.grantbook.platform.pages.Languages;
import dev.grantbook.platform.pages.Texts;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders a problem for a person, in the visitor's language where there is a text for it, otherwise in the problem's
 * own English. Built without Faces, so that it can report faults of Faces too.
 */
final class ProblemPage {

    private ProblemPage() {}

    /** Recognises browsers by the text of {@code Accept}: programs may send a header that cannot be parsed. */
    static boolean isWanted(HttpServletRequest request) {
        String header = request.getHeader("Accept");
        return header != null && header.contains("html");
    }

    static String write(Problem problem, HttpServletRequest request) {
        Locale locale = Languages.choose(null, request.getHeader("Accept-Language"));
        // Only what broke on our side is of use to the operator.
        String reference = problem.status() < 500 ? null : Trace.current();
        return write(problem, reference, request.getContextPath(), locale);
    }

    /** @param reference by which an operator finds the fault in the log; null when the log has nothing of it */
    static String write(Problem problem, @Nullable String reference, String contextPath, Locale locale) {
        String title = findText(problem, "title", locale)
                .or(() -> general(problem, "title", locale))
                .orElse(problem.title());
        // English has the exact reason; another language has the general one, unless the reason names a field.
        boolean exact = !problem.faults().isEmpty()
                || (Languages.ENGLISH.equals(locale) && !problem.equals(Problem.standard(problem.status())));
        String text = findText(problem, "text", locale)
                .or(() -> exact ? Optional.empty() : general(problem, "text", locale))
                .orElse("");
        String paragraph = text.isEmpty()
                ? (Languages.ENGLISH.equals(locale) ? "<p>" : "<p lang=\"en\">") + escape(problem.detail()) + "</p>"
                : "<p>" + escape(text) + "</p>";
        String note = reference == null
                ? ""
                : "<p class=\"quiet\">" + escape(Texts.in(locale, "problem.reference", reference)) + "</p>";
        String start = problem.status() != 404
                ? ""
                : "<p><a class=\"button\" href=\"" + escape(contextPath) + "/\">"
                        + escape(Texts.in(locale, "problem.start")) + "</a></p>";
        return """
                <!DOCTYPE html>
                <html lang="%s"><head><meta charset="UTF-8"><title>%s</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <link rel="icon" href="%4$s/assets/icon.svg" type="image/svg+xml">
                <link rel="stylesheet" href="%4$s/assets/grantbook.css"></head>
                <body><header class="head"><span class="brand"><img src="%4$s/assets/icon.svg" alt="">Grantbook</span></header>
                <main class="sheet"><span class="seal sign alert"></span><h1>%2$s</h1>%3$s%5$s%6$s</main></body></html>
                """.formatted(locale.toLanguageTag(), escape(title), paragraph, escape(contextPath), note, start);
    }

    private static Optional<String> findText(Problem problem, String part, Locale locale) {
        return Texts.find(locale, "problem." + problem.slug() + "." + part);
    }

    private static Optional<String> general(Problem problem, String part, Locale locale) {
        return Texts.find(locale, "problem.status." + problem.status() + "." + part);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
