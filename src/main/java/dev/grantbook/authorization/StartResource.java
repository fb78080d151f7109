package dev.grantbook.authorization;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.AuthorizationStart.PublicStart;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Languages;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.QueryParameters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts attempts. */
@Path("start")
@ApplicationScoped
public class StartResource {

    /** As in the bots' API. */
    private static final int LONGEST_LOCALE = 35;

    @Inject
    AuthorizationStart start;

    @Inject
    Attempts attempts;

    @Inject
    Connectors connectors;

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** The button of a landing page ({@code invitation}) or of an outcome page ({@code attempt}). */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response start(
            @FormParam("invitation") @Nullable String invitation, @FormParam("attempt") @Nullable String attempt) {
        if (invitation != null && !invitation.isEmpty()) {
            return BrowserRedirect.redirect(start.begin(new Secret(invitation)), settings, request.getCookies());
        }
        if (attempt == null) {
            throw Problem.field("invitation", "the link's secret is missing; please open the link again")
                    .exception();
        }
        Optional<Attempt> before = BrowserBinding.of(settings, request.getCookies(), attempt)
                .flatMap(browser -> attempts.find(attempt).filter(found -> found.isFrom(browser)));
        return before.isPresent()
                ? BrowserRedirect.redirect(start.again(before.get()), settings, request.getCookies())
                : Response.seeOther(Outcome.ELSEWHERE.page(settings)).build();
    }

    /** Starts nothing: link previews send it. */
    @HEAD
    @Path("{connector}")
    public Response look() {
        return Response.noContent().build();
    }

    /** Public start: a web app redirects its visitor here. */
    @GET
    @Path("{connector}")
    public Response start(@PathParam("connector") ConnectorId id, @Context UriInfo uri) {
        Connector connector = connectors
                .find(id)
                .filter(Connector::enabled)
                .orElseThrow(() -> Problem.of(404, "unknown-connector", "There is no connector with this id.")
                        .exception());
        if (!connector.publicStart()) {
            throw Problem.of(403, "invitation-needed", "This connector can only be started with an invitation.")
                    .exception();
        }
        var query = new QueryParameters(uri, Set.of("feature", "scope", "return_to", "locale"));
        List<String> features = query.all("feature");
        for (String feature : features) {
            if (connector.feature(feature).isEmpty()) {
                throw Problem.field("feature", "this connector has no such feature")
                        .exception();
            }
        }
        anonymous.spend();
        return BrowserRedirect.redirect(
                start.begin(new PublicStart(
                        connector,
                        features,
                        scopes(query.get("scope"), connector),
                        returnTo(query, connector),
                        locale(query))),
                settings,
                request.getCookies());
    }

    /** Only declared scopes: anyone can write the link. */
    private static Scopes scopes(@Nullable String text, Connector connector) {
        Scopes scopes;
        try {
            scopes = text == null ? Scopes.NONE : Scopes.parse(text, ' ');
        } catch (IllegalArgumentException e) {
            throw Problem.field("scope", "not a list of scopes separated by spaces")
                    .exception();
        }
        if (!connector.declaredScopes().contains(scopes)) {
            throw Problem.field("scope", "only scopes that the connector declares can be asked for")
                    .exception();
        }
        return scopes;
    }

    private static @Nullable String returnTo(QueryParameters query, Connector connector) {
        String returnTo = query.get("return_to");
        if (returnTo != null && !connector.returnUrls().allow(returnTo)) {
            throw Problem.field("return_to", "not below an address in the connector's return-urls")
                    .exception();
        }
        return returnTo;
    }

    private static @Nullable Locale locale(QueryParameters query) {
        String tag = query.get("locale");
        if (tag != null && tag.length() > LONGEST_LOCALE) {
            throw Problem.field("locale", "longer than " + LONGEST_LOCALE + " characters")
                    .exception();
        }
        return Languages.parseTag(tag);
    }
}
