package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docs/requests.http} says: requests in their order, with the variables that stand above them. Reads what
 * that file needs of the format of VS Code's REST Client, and refuses the rest, so that no line is passed over.
 */
record Requests(Map<String, String> variables, List<Requests.Request> requests) {

    static final Path FILE = Path.of("docs/requests.http");

    private static final Pattern VARIABLE = Pattern.compile("@(\\w+) = (.+)");
    private static final Pattern NAME = Pattern.compile("# @name (\\w+)");
    private static final Pattern PROMPT = Pattern.compile("# @prompt (\\w+) .+");
    private static final Pattern BROWSER = Pattern.compile("# In a browser, open and authorize: (\\S+)");
    private static final Pattern ANSWER = Pattern.compile("# Answers (\\d{3})(?:: (\\w+))?");
    private static final Pattern LINE = Pattern.compile("(GET|POST|PUT|PATCH|DELETE) (\\S+)");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z-]+): (.+)");
    private static final Pattern REFERENCE =
            Pattern.compile("\\{\\{(?:(\\w+)|(\\w+)\\.response\\.body\\.\\$\\.([\\w.\\[\\]]+))}}");

    /**
     * One request as it is written, its references not yet filled in.
     *
     * @param name how later requests speak of its answer
     * @param visited what the user opens in a browser before
     * @param prompted the parameter of the address where the browser ends, for a variable of that name
     * @param word stands in the answer
     */
    public record Request(
            String title,
            @Nullable String name,
            @Nullable String visited,
            @Nullable String prompted,
            int status,
            @Nullable String word,
            String method,
            String target,
            Map<String, String> headers,
            String body) {

        @Override
        public String toString() {
            return title;
        }
    }

    static Requests read() throws IOException {
        String[] parts = Files.readString(FILE).split("(?m)^### ", -1);
        Map<String, String> variables = new LinkedHashMap<>();
        parts[0].lines()
                .filter(line -> !line.isBlank() && !line.startsWith("# "))
                .forEach(line -> {
                    Matcher variable = match(VARIABLE, line);
                    variables.put(variable.group(1), variable.group(2));
                });
        List<Request> requests = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            requests.add(request(parts[i]));
        }
        return new Requests(variables, requests);
    }

    private static Request request(String part) {
        String[] halves = part.strip().split("\n\n", 2);
        List<String> lines = halves[0].lines().toList();
        Map<Pattern, Matcher> said = new HashMap<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            Pattern kind = kind(line);
            Matcher found = match(kind, line);
            if (kind == HEADER) {
                headers.put(found.group(1), found.group(2));
            } else if (said.put(kind, found) != null) {
                throw new IllegalArgumentException("twice in one request: " + line);
            }
        }
        Matcher answer = requireNonNull(said.get(ANSWER), () -> "no answer is told for " + lines.get(0));
        Matcher line = requireNonNull(said.get(LINE), () -> "no request line in " + lines.get(0));
        return new Request(
                lines.get(0),
                first(said.get(NAME)),
                first(said.get(BROWSER)),
                first(said.get(PROMPT)),
                Integer.parseInt(answer.group(1)),
                answer.group(2),
                line.group(1),
                line.group(2),
                headers,
                halves.length == 1 ? "" : halves[1]);
    }

    private static Pattern kind(String line) {
        return List.of(NAME, PROMPT, BROWSER, ANSWER, LINE, HEADER).stream()
                .filter(kind -> kind.matcher(line).matches())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("cannot be read: " + line));
    }

    private static Matcher match(Pattern kind, String line) {
        Matcher found = kind.matcher(line);
        if (!found.matches()) {
            throw new IllegalArgumentException("cannot be read: " + line);
        }
        return found;
    }

    private static @Nullable String first(@Nullable Matcher found) {
        return found == null ? null : found.group(1);
    }

    /**
     * A text with what its references mean.
     *
     * @param variables by name
     * @param answers of named requests
     */
    static String fill(String text, Map<String, String> variables, Map<String, JsonObject> answers) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null
                                ? value(requireNonNull(answers.get(found.group(2)), found.group()), found.group(3))
                                : requireNonNull(variables.get(found.group(1)), found.group())));
    }

    /** {@code grants[0].id} of an answer. */
    private static String value(JsonObject answer, String path) {
        String pointer = "/" + path.replace("[", "/").replace("]", "").replace('.', '/');
        JsonValue value = Json.createPointer(pointer).getValue(answer);
        return value instanceof JsonString string ? string.getString() : value.toString();
    }
}
