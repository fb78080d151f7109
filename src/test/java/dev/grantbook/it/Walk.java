package dev.grantbook.it;

import org.jspecify.annotations.Nullable;

/**
 * One provider's way through its sandbox dialect, as a row of {@link ProvidersIT}. Its connector in
 * {@code it-providers.yaml} has the provider's id.
 *
 * @param name what people call the provider
 * @param unticked the scope that the user leaves out at first; null where the provider does not report what was granted
 * @param account the id that Alice has there
 * @param whoAmI what a bot asks with the token, below the home; empty where there is nothing to ask
 * @param alive what is in the reply while the token lives, and only then
 * @param dead what is in the reply when it is dead
 * @param told whether the provider can be told that a grant ended
 */
record Walk(
        String provider,
        String name,
        @Nullable String unticked,
        String account,
        String whoAmI,
        String alive,
        String dead,
        boolean told) {

    static Walk at(String provider, String name) {
        return new Walk(provider, name, null, "", "", "", "", false);
    }

    Walk unticking(String scope) {
        return new Walk(provider, name, scope, account, whoAmI, alive, dead, told);
    }

    Walk as(String id) {
        return new Walk(provider, name, unticked, id, whoAmI, alive, dead, told);
    }

    Walk asking(String path, String whileAlive, String whenDead) {
        return new Walk(provider, name, unticked, account, path, whileAlive, whenDead, told);
    }

    Walk toldOfTheEnd() {
        return new Walk(provider, name, unticked, account, whoAmI, alive, dead, true);
    }

    /** Where the dialect is. */
    String home() {
        return "/sandbox/at/" + provider;
    }

    @Override
    public String toString() {
        return provider;
    }
}
