package dev.grantbook.conversation.facebook;

import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The button of the page that Messenger's log-in button opens. */
@Path("facebook")
@ApplicationScoped
public class FacebookResource {

    @Inject
    FacebookLinking linking;

    @Inject
    Settings settings;

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response start(
            @FormParam("invitation") @Nullable String invitation,
            @FormParam("redirect_uri") @Nullable String redirectUri) {
        if (invitation == null || invitation.isEmpty()) {
            throw Problem.field("invitation", "the link's secret is missing; please open the link again")
                    .exception();
        }
        FacebookRedirect redirect = FacebookRedirect.parse(
                        redirectUri, settings.sandbox().enabled())
                .orElseThrow(() -> Problem.field("redirect_uri", "not an address of Messenger's")
                        .exception());
        if (!linking.start(new Secret(invitation), redirect)) {
            return Response.seeOther(Outcome.LINK_ENDED.page(settings)).build();
        }
        // 307: the very form goes on to where all attempts of invitations start.
        return Response.temporaryRedirect(settings.publicUrl("/oauth/start")).build();
    }
}
