package dev.grantbook.platform.web;

import dev.grantbook.platform.json.YamlDocument;
import jakarta.json.JsonObject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves the description of the API as it was written. A server with MicroProfile OpenAPI would serve one too, but
 * Payara's leaves empty lists out of examples and adds a key of its own, so that tools refuse the result, and it does
 * not know the media type of YAML.
 */
@WebServlet({"/openapi", "/openapi/*"})
public class OpenApiDocument extends HttpServlet {

    /** RFC 9512. */
    private static final String YAML = "application/yaml";

    private static final String JSON = "application/json";
    private static final String PLAIN = "text/plain";
    private static final String HTML = "text/html";

    /** Media types that tools ask for; each gets the one it asked for. */
    private static final List<String> OFFERED = List.of(
            YAML,
            JSON,
            PLAIN,
            HTML,
            "application/vnd.oai.openapi",
            "application/vnd.oai.openapi+json",
            "application/x-yaml",
            "text/yaml",
            "text/x-yaml");

    private final String yaml = text();
    private final String json = read().toString();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getPathInfo() != null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        String type = type(request);
        // Browsers show plain text, and only download YAML.
        response.setContentType(type.equals(HTML) ? PLAIN : type);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("Vary", "Accept");
        // Public: tools that show it are pages of other sites.
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.getWriter().write(type.endsWith("json") ? json : yaml);
    }

    /** Reads the parameter {@code format} of MicroProfile OpenAPI, for people with a browser. */
    private static String type(HttpServletRequest request) {
        String format = String.valueOf(request.getParameter("format")).toLowerCase(Locale.ROOT);
        if (format.equals("json")) {
            return JSON;
        }
        return format.equals("yaml") ? YAML : AcceptHeader.choose(accept(request), OFFERED);
    }

    private static @Nullable String accept(HttpServletRequest request) {
        List<String> lines = Collections.list(request.getHeaders("Accept"));
        return lines.isEmpty() ? null : String.join(",", lines);
    }

    static JsonObject read() {
        return new YamlDocument("openapi.yaml", text()).json();
    }

    private static String text() {
        try (InputStream in =
                Objects.requireNonNull(OpenApiDocument.class.getResourceAsStream("/META-INF/openapi.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
