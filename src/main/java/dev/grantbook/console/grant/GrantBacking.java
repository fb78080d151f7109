package dev.grantbook.console.grant;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.catalogue.EndNotice;
import dev.grantbook.connector.Connector;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.revocation.Disconnection;
import dev.grantbook.revocation.ProviderNotice;
import dev.grantbook.revocation.Revocations;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One grant: its permissions, the missing ones with the features that need them, and its history, without tokens. */
@Named("grantSheet")
@RequestScoped
public class GrantBacking {

    @Inject
    Grants grants;

    @Inject
    GrantHistory history;

    @Inject
    BotsBacking bots;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    Disconnection disconnection;

    @Inject
    Revocations revocations;

    @Inject
    SubjectBacking subjectBacking;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    @Inject
    Clock clock;

    @Inject
    HttpServletRequest request;

    private @Nullable Grant grant;
    private Optional<Connector> connector = Optional.empty();

    public record GrantFeature(String name, String reason, boolean ready, List<ScopeName> missing) {}

    /** A line of the history. */
    public record HistoryLine(
            GrantEvent event,
            String actor,
            String reason,
            List<ScopeName> asked,
            List<ScopeName> granted,
            List<ScopeName> declined) {}

    @PostConstruct
    void load() {
        grant = TypedId.parse((String) request.getAttribute(Routes.PART), GrantId::new)
                .flatMap(grants::find)
                .orElse(null);
        if (grant != null) {
            connector = bots.find(grant.connector());
        }
    }

    /** Called before the page is shown. */
    public void check() {
        if (grant == null) {
            AdministratorSession.refuse(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    public boolean isFound() {
        return grant != null;
    }

    public void disconnect() {
        change(shown -> {
            disconnection.disconnect(shown.id(), session.actor());
            session.record(AuditEventKind.GRANT_DISCONNECTED, shown.id().value());
            say.tell("grant.disconnected", getTitle(), getConnectorName());
            session.redirect("/console/grants/" + shown.id());
        });
    }

    /** Exports the subject's data of this bot only: another bot's subject of the same name may be another person. */
    public void export() {
        change(shown -> subjectBacking.export(
                shown.connector(), shown.subject(), shown.id().value()));
    }

    /** Erases the subject's data of this bot only. */
    public void erase() {
        change(shown -> subjectBacking.erase(shown.connector(), shown.subject()));
    }

    private void change(Consumer<Grant> change) {
        if (session.mayChange()) {
            check();
            Optional.ofNullable(grant).ifPresent(change);
        }
    }

    public Grant getGrant() {
        return Objects.requireNonNull(grant);
    }

    public String getTitle() {
        return grant == null ? "" : GrantRow.title(grant);
    }

    public String getConnectorName() {
        return bots.name(getGrant().connector());
    }

    public String getStatus() {
        return getGrant().status(clock.instant()).wire();
    }

    public boolean isEnded() {
        return getGrant().status(clock.instant()) == GrantStatus.REVOKED;
    }

    /** Last part of the text key for a feature that lacks no permission: nothing works before the confirmation. */
    public String getReady() {
        Instant now = clock.instant();
        if (getGrant().awaitsCode(now)) {
            return "waiting-for-code";
        }
        return getGrant().status(now) == GrantStatus.UNCONFIRMED ? "waiting" : "ready";
    }

    /** Whether the provider knows of the end; empty while the grant lives. */
    public String getNotice() {
        return revocations
                .notice(getGrant())
                .map(notice -> say.of("grant.notice." + notice.word() + signing(notice == ProviderNotice.UNNOTIFIED)))
                .orElse("");
    }

    /** The step that is left for the user at the provider; empty without one, or when its place is not known. */
    public String getStepLeft() {
        return connector
                .map(known -> known.provider().settings())
                .filter(settings -> revocations
                        .notice(getGrant())
                        .filter(notice -> notice == ProviderNotice.UNNOTIFIED || notice == ProviderNotice.SHARED)
                        .isPresent())
                .map(settings -> say.of("grant.notice.step", settings.path().in(say.locale())))
                .orElse("");
    }

    /** Text of the dialog before erasing the subject. */
    public String getErasing() {
        return subjectBacking.erasing(getGrant().subject(), getConnectorName(), connector.map(Connector::provider));
    }

    /** Text of the dialog before disconnecting. */
    public String getDisconnecting() {
        return say.of("grant.disconnect.text", getTitle(), getConnectorName()) + " "
                + connector
                        .map(Connector::provider)
                        .map(provider -> say.of(
                                "grant.disconnect." + provider.endNotice().word()
                                        + signing(provider.endNotice() == EndNotice.IMPOSSIBLE),
                                provider.name()))
                        .orElse("");
    }

    /** Last part of the text key where calls are signed, so that no bot has a token. */
    private String signing(boolean differs) {
        return differs && getGrant().isSigning() ? ".signing" : "";
    }

    /** Why it ended, or will end; empty without a reason. */
    public String getReason() {
        return reason(getGrant().reason(clock.instant()));
    }

    /** State of the pending revocation; empty when none is pending. */
    public String getTelling() {
        return revocations
                .of(getGrant().id())
                .map(row -> say.of("grant.telling.text", row.tries(), say.moment(row.dueAt())))
                .orElse("");
    }

    /** Number of failed refreshes and time of the next; empty while refreshing works. */
    public String getRefreshing() {
        Grant shown = getGrant();
        Instant next = shown.tokens().retryAt();
        return shown.isRefreshFailing() && next != null
                ? say.of("grant.refreshing.text", shown.tokens().refreshFailures(), say.moment(next))
                : "";
    }

    public List<ScopeName> getGranted() {
        return names(getGrant().granted());
    }

    public List<GrantFeature> getFeatures() {
        Locale locale = say.locale();
        return connector
                .map(known -> Shortfall.of(known.need(), getGrant().granted()).features().stream()
                        .map(state -> new GrantFeature(
                                state.feature().name().in(locale),
                                state.feature().reason().in(locale),
                                state.ready(),
                                names(state.missing())))
                        .toList())
                .orElse(List.of());
    }

    /** Missing scopes that the connector needs beside its features. */
    public List<ScopeName> getMissing() {
        return connector
                .map(known -> names(known.defaultScopes().minus(getGrant().granted())))
                .orElse(List.of());
    }

    public List<SecondaryToken> getSecondaryTokens() {
        return secondaryTokens.of(getGrant().id());
    }

    public String kind(SecondaryToken token) {
        return say.find("secondary-token.kind." + token.kind()).orElse(token.kind());
    }

    public List<HistoryLine> getHistory() {
        return history.of(getGrant().id()).stream()
                .map(event -> new HistoryLine(
                        event,
                        say.actor(event.actor()),
                        reason(event),
                        names(event.asked()),
                        names(event.granted()),
                        names(event.declined())))
                .toList();
    }

    /** Empty also when it repeats the event's kind. */
    private String reason(GrantEvent event) {
        EndReason reason = event.reason();
        return reason == null || reason.wire().equals(event.kind().wire()) ? "" : reason(reason);
    }

    private String reason(@Nullable EndReason reason) {
        return reason == null ? "" : say.of("reason." + reason.wire());
    }

    private List<ScopeName> names(Scopes scopes) {
        return ScopeName.of(scopes, connector, say.locale());
    }
}
