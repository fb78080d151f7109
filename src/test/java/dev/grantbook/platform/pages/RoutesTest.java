package dev.grantbook.platform.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
                    /,                     /start.xhtml,            ,       true
                    /connect/t0ken,        /connect.xhtml,          t0ken,  true
                    /outcome/link-ended,   /outcome.xhtml,          link-ended, true
                    /linked/h4ndle,        /linked.xhtml,           h4ndle, true
                    /channels/facebook/t0, /facebook.xhtml,         t0,     true
                    /permissions,          /permissions.xhtml,      ,       true
                    /sign-in,              /console/sign-in.xhtml,  ,       false
                    /console,              /console/index.xhtml,    ,       false
                    /console/,             /console/index.xhtml,    ,       false
                    /console/users,        /console/users.xhtml,    ,       false
                    /console/grants/4-2,   /console/grant.xhtml,    4-2,    false
                    """)
    void anAddressLeadsToItsView(String address, String view, @Nullable String part, boolean readOnly) {
        assertThat(Routes.find(address)).hasValue(new Routes.Target(view, part, readOnly));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//",
                "/start",
                "/start.xhtml",
                "/connect",
                "/connect/",
                "/connect/a/b",
                "/linked",
                "/linked/a/b",
                "/channels/facebook",
                "/channels/apple/a",
                "/connect/a;jsessionid=b",
                "/outcome/",
                "/outcome/a/b",
                "/outcome/%2e%2e",
                "/permissions/",
                "/console/../outcome",
                "/console/Users",
                "/console/users.xhtml",
                "/console/-",
                "/console/users/1/2",
                "/CONSOLE",
                "/sign-in/",
                "/nothing"
            })
    void nothingElseLeadsAnywhere(String address) {
        assertThat(Routes.find(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 257})
    void aTokenHasALimit(int length) {
        assertThat(Routes.find("/connect/" + "x".repeat(length)).isPresent()).isEqualTo(length <= 256);
    }
}
