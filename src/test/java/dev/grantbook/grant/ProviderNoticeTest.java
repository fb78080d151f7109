package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.grant.GrantEvent.Kind;
import dev.grantbook.oauth.Scopes;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("1.1 The history says what the provider knows of an end")
class ProviderNoticeTest {

    @Test
    void aProviderThatConfirmedKnows() {
        assertThat(read(event(Kind.PROVIDER_TOLD), event(Kind.DISCONNECTED))).isEqualTo(ProviderNotice.CONFIRMED);
    }

    @Test
    void aProviderThatCannotBeToldDoesNotKnow() {
        assertThat(read(event(Kind.PROVIDER_NOT_TOLD, EndReason.UNSUPPORTED), event(Kind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.NOT_TOLD);
    }

    @Test
    void oneTokenThatLivesOnIsEnough() {
        assertThat(read(
                        event(Kind.PROVIDER_NOT_TOLD, EndReason.PROVIDER_REFUSED),
                        event(Kind.PROVIDER_TOLD),
                        event(Kind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.NOT_TOLD);
    }

    @Test
    void anotherGrantThatLivesIsNamedAsTheReason() {
        assertThat(read(event(Kind.PROVIDER_NOT_TOLD, EndReason.STILL_USED), event(Kind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.SHARED);
    }

    @Test
    void whatTheProviderWasToldOfAnEarlierEndDoesNotCount() {
        assertThat(read(
                        event(Kind.DISCONNECTED),
                        event(Kind.GRANTED),
                        event(Kind.PROVIDER_TOLD),
                        event(Kind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.NOT_TOLD);
    }

    @Test
    void aRefusalAfterTheEndChangesNothing() {
        assertThat(read(event(Kind.REFUSED), event(Kind.PROVIDER_TOLD), event(Kind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.CONFIRMED);
    }

    private static ProviderNotice read(GrantEvent... latestFirst) {
        return ProviderNotice.of(Stream.of(latestFirst).toList());
    }

    private static GrantEvent event(Kind kind) {
        return event(kind, null);
    }

    private static GrantEvent event(Kind kind, @Nullable EndReason why) {
        return new GrantEvent("id", "grant", Instant.EPOCH, kind, "user", Scopes.NONE, Scopes.NONE, why);
    }
}
