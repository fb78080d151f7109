package dev.grantbook.platform.http;

import dev.grantbook.platform.config.Settings;

/** The way out, for tests that talk to servers of their own. */
public final class TestHttp {

    private TestHttp() {}

    public static OutboundHttp with(Settings settings) {
        var http = new OutboundHttp();
        http.settings = settings;
        return http;
    }
}
