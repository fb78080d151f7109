package dev.grantbook.sandbox.facebook;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.account.SandboxAccount;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Facebook's callbacks to an app, at the addresses that would be registered in its dashboard. A signed request is
 * {@code base64url(HMAC-SHA256(payload)).payload}, the payload being base64url of JSON, and the key the app secret.
 */
@ApplicationScoped
class FacebookNotices {

    private static final Logger LOG = Logger.getLogger(FacebookNotices.class.getName());

    @Inject
    SandboxClients clients;

    @Inject
    OutboundHttp http;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** Reports that the user removed the app; a bot that does not answer loses it all the same. */
    void deauthorize(Connector client, SandboxAccount account) {
        URI callback = settings.publicUrl("/notices/" + client.id() + "/deauthorize");
        var form = new Parameters().with("signed_request", sign(FacebookGraph.scopeId(account, client.clientId())));
        try {
            OutboundHttp.Reply reply = http.send(
                    new OutboundRequest()
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .method("POST", form.encoded()),
                    callback);
            LOG.log(Level.INFO, "{0} was notified that an account removed it, and answered {1}", new Object[] {
                client.id(), reply.status()
            });
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0} could not be notified that an account removed it: {1}", new Object[] {
                client.id(), e.getMessage()
            });
        }
    }

    private String sign(String userId) {
        String payload = base64url(Json.createObjectBuilder()
                .add("user_id", userId)
                .add("algorithm", "HMAC-SHA256")
                .add("issued_at", clock.instant().getEpochSecond())
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        return base64url(HexFormat.of().parseHex(clients.secret().hmacSha256(payload))) + "." + payload;
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
