package dev.grantbook.flow;

import dev.grantbook.oauth.Secret;
import java.util.Optional;

/** What a browser shows to prove which attempts it started. */
@FunctionalInterface
interface BrowserCookies {

    Optional<Secret> of(String attempt);
}
