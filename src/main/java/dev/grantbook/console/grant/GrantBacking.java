package dev.grantbook.console.grant;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.catalogue.dialect.EndNotice;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
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
import org.jspecify.annotations.Nullable;

/** One grant: what was granted, what is missing and why it is wanted, and its history. Tokens never show here. */
@Named("grantSheet")
@RequestScoped
public class GrantBacking {

    @Inject
    Grants grants;

    @Inject
    GrantHistory history;

    @Inject
    Connectors connectors;

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

    /** A feature, and what it lacks. */
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
        if (request.getAttribute(Routes.PART) instanceof String id) {
            grant = grants.find(id).orElse(null);
        }
        if (grant != null) {
            connector = connectors.find(grant.connector());
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
        if (!session.mayChange()) {
            return;
        }
        if (grant == null) {
            check();
            return;
        }
        disconnection.disconnect(grant.id(), session.actor());
        session.record(AuditEventKind.GRANT_DISCONNECTED, grant.id());
        session.redirect("/console/grants/" + grant.id());
    }

    /**
     * Hands out everything that this bot keeps about its subject: another bot's subject of the same name may be
     * somebody else.
     */
    public void export() {
        if (!session.mayChange()) {
            return;
        }
        if (grant == null) {
            check();
            return;
        }
        subjectBacking.export(grant.connector(), grant.subject(), grant.id());
    }

    /** Forgets the subject of this bot, and of no other. */
    public void erase() {
        if (!session.mayChange()) {
            return;
        }
        if (grant == null) {
            check();
            return;
        }
        subjectBacking.erase(grant.connector(), grant.subject());
    }

    public Grant getGrant() {
        return Objects.requireNonNull(grant);
    }

    public String getTitle() {
        if (grant == null) {
            return "";
        }
        String account = GrantRow.account(grant);
        return account.isEmpty() ? grant.subject() : account;
    }

    public String getConnectorName() {
        return connector
                .map(known -> known.name().in(say.locale()))
                .orElse(getGrant().connector());
    }

    public String getStatus() {
        return getGrant().status(clock.instant()).wire();
    }

    public boolean isEnded() {
        return getGrant().status(clock.instant()) == GrantStatus.REVOKED;
    }

    /**
     * The part of the key of what is said of a feature that lacks no permission: nothing works before the chat user has
     * confirmed.
     */
    public String getReady() {
        Instant now = clock.instant();
        if (getGrant().awaitsCode(now)) {
            return "waiting-for-code";
        }
        return getGrant().status(now) == GrantStatus.UNCONFIRMED ? "waiting" : "ready";
    }

    /** What its provider knows of the end; empty while it lives. */
    public String getNotice() {
        return revocations
                .notice(getGrant())
                .map(notice -> say.of("grant.notice." + notice.word() + signing(notice == ProviderNotice.UNNOTIFIED)))
                .orElse("");
    }

    /** The step at the provider that is left for the user; empty when nothing is left, or nobody knows where. */
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

    /** What is asked before everything about its subject is forgotten. */
    public String getErasing() {
        return subjectBacking.erasing(getGrant().subject(), getConnectorName(), connector.map(Connector::provider));
    }

    /** What is asked before it is ended. */
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

    /** The end of the key of what is said otherwise where a key signs that no bot has ever had. */
    private String signing(boolean differs) {
        return differs && getGrant().isSigning() ? ".signing" : "";
    }

    /** Why it ended, or will; empty when there is nothing to tell. */
    public String getReason() {
        return reason(getGrant().reason(clock.instant()));
    }

    /** How far its provider has been told that it ended; empty when that is done, or there is nothing to tell. */
    public String getTelling() {
        return revocations
                .of(getGrant().id())
                .map(row -> say.of("grant.telling.text", row.tries(), say.moment(row.dueAt())))
                .orElse("");
    }

    /** How often no other token could be got; empty when there is nothing to tell. */
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

    /** What the connector needs beside its features, and does not have. */
    public List<ScopeName> getMissing() {
        return connector
                .map(known -> names(known.defaultScopes().minus(getGrant().granted())))
                .orElse(List.of());
    }

    /** What came with the grant and has tokens of its own. */
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
                        actor(event.actor()),
                        reason(event),
                        names(event.asked()),
                        names(event.granted()),
                        names(event.declined())))
                .toList();
    }

    /** Empty also when the line says it already. */
    private String reason(GrantEvent event) {
        EndReason reason = event.reason();
        return reason == null || reason.wire().equals(event.kind().wire()) ? "" : reason(reason);
    }

    private String reason(@Nullable EndReason reason) {
        return reason == null ? "" : say.of("reason." + reason.wire());
    }

    private String actor(String actor) {
        return History.actor(actor, say);
    }

    private List<ScopeName> names(Scopes scopes) {
        return ScopeName.of(scopes, connector, say.locale());
    }
}
