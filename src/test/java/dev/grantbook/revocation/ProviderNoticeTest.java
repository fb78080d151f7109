package dev.grantbook.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.id.GrantId;
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
        assertThat(read(event(GrantEventKind.PROVIDER_NOTIFIED), event(GrantEventKind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.CONFIRMED);
    }

    @Test
    void aProviderThatCannotBeToldDoesNotKnow() {
        assertThat(read(
                        event(GrantEventKind.PROVIDER_NOT_NOTIFIED, EndReason.UNSUPPORTED),
                        event(GrantEventKind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.UNNOTIFIED);
    }

    @Test
    void oneTokenThatLivesOnIsEnough() {
        assertThat(read(
                        event(GrantEventKind.PROVIDER_NOT_NOTIFIED, EndReason.PROVIDER_REFUSED),
                        event(GrantEventKind.PROVIDER_NOTIFIED),
                        event(GrantEventKind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.UNNOTIFIED);
    }

    @Test
    void anotherGrantThatLivesIsNamedAsTheReason() {
        assertThat(read(
                        event(GrantEventKind.PROVIDER_NOT_NOTIFIED, EndReason.STILL_USED),
                        event(GrantEventKind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.SHARED);
    }

    @Test
    void whatTheProviderWasToldOfAnEarlierEndDoesNotCount() {
        assertThat(read(
                        event(GrantEventKind.DISCONNECTED),
                        event(GrantEventKind.GRANTED),
                        event(GrantEventKind.PROVIDER_NOTIFIED),
                        event(GrantEventKind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.UNNOTIFIED);
    }

    @Test
    void aRefusalAfterTheEndChangesNothing() {
        assertThat(read(
                        event(GrantEventKind.REFUSED),
                        event(GrantEventKind.PROVIDER_NOTIFIED),
                        event(GrantEventKind.DISCONNECTED)))
                .isEqualTo(ProviderNotice.CONFIRMED);
    }

    private static ProviderNotice read(GrantEvent... latestFirst) {
        return ProviderNotice.of(Stream.of(latestFirst).toList());
    }

    private static GrantEvent event(GrantEventKind kind) {
        return event(kind, null);
    }

    private static GrantEvent event(GrantEventKind kind, @Nullable EndReason why) {
        return new GrantEvent("id", new GrantId("grant"), Instant.EPOCH, kind, "user", Scopes.NONE, Scopes.NONE, why);
    }
}
