package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import java.net.URI;

/**
 * How one emulated provider speaks, below {@code /sandbox/at/ID/} at the provider's own paths. Each dialect is written
 * from what the provider documents and never asks our descriptor of it, so that two independent writings meet; and it
 * is as strict as the provider, so that what passes here was said right.
 */
public interface Dialect {

    /** The provider's id in the catalogue, which also is the dialect's part of the address. */
    String id();

    /** The path of the page that asks the user, without a slash at its start. */
    String authorizationPath();

    /** Whether the page is there too; some providers have it in several versions, or for several tenants. */
    default boolean isAuthorizationPath(String path) {
        return path.equals(authorizationPath());
    }

    /**
     * Understands what a bot sent the user here with.
     *
     * @throws ConsentRefusal when the page shows an error, or sends the user back with one
     */
    ConsentQuestion read(ConsentRequest visit);

    /** What the user has allowed, of what was ticked; for providers that remember or add something. */
    default Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        return ticked;
    }

    /** What the browser brings back with a code. */
    default Parameters describeGrant(ConsentQuestion ask, Secret code) {
        return new Parameters()
                .with("code", code.value())
                .with("state", ask.request().get("state"));
    }

    /** What the browser brings back after "Cancel". */
    default Parameters describeDenial(ConsentQuestion ask) {
        return new Parameters()
                .with("error", "access_denied")
                .with("state", ask.request().get("state"));
    }

    /** How what is brought back is put into the address. */
    default URI location(ConsentQuestion ask, Parameters result) {
        return result.appendTo(ask.request().registered());
    }

    /** Called when the user has revoked everything that a bot held; some providers tell the bot. */
    default void revoke(Connector client, SandboxAccount account) {}

    /**
     * Answers a program: the token endpoint, the API, and whatever else is not a page.
     *
     * @throws Refusal to answer from further inside
     */
    SandboxReply answer(SandboxCall call);
}
