package dev.grantbook.subject;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Active;
import dev.grantbook.access.AccessDecision.Revoked;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.BrowserBinding;
import dev.grantbook.authorization.PageReloads;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.AttemptDecisions;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.id.GrantId;
import dev.grantbook.invitation.EndExplanation;
import dev.grantbook.invitation.EndExplanations;
import dev.grantbook.invitation.Explanation;
import dev.grantbook.invitation.SettingsLink;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.pages.Visitor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The page of the grants that the visitor made in this browser. */
@Named("permissions")
@RequestScoped
public class PermissionsBacking {

    @Inject
    HttpServletRequest request;

    @Inject
    Visitor visitor;

    @Inject
    Settings settings;

    @Inject
    AttemptDecisions decisions;

    @Inject
    Attempts attempts;

    @Inject
    GrantHistory history;

    @Inject
    Connectors connectors;

    @Inject
    EndExplanations ends;

    @Inject
    Clock clock;

    private Locale locale = Locale.ENGLISH;
    private List<Entry> entries = List.of();
    private PageReloads looks = PageReloads.NONE;

    /**
     * One grant.
     *
     * @param attempt id of the attempt that proves that the grant is the visitor's
     * @param account name; null when unknown
     * @param since time of the last grant by the user
     * @param until end of the lifetime; null for none or unknown
     * @param notice part of the key of a sentence on whether the provider can be notified of an end
     * @param end null while the grant lives
     */
    public record Entry(
            String attempt,
            String bot,
            String provider,
            @Nullable String account,
            AccessDecision decision,
            Instant since,
            @Nullable Instant until,
            List<Explanation.ExplanationLine> permissions,
            String notice,
            @Nullable EndExplanation end,
            SettingsLink settings) {

        /** Part of text keys, and class in the style sheet. */
        public String status() {
            return decision instanceof Active ? "active" : decision.wire();
        }

        public boolean isLive() {
            return decision instanceof Active;
        }

        /** Whether the grant can be ended. */
        public boolean isOpen() {
            return !(decision instanceof Revoked);
        }
    }

    @PostConstruct
    void read() {
        List<Attempt> own = ownAttempts();
        looks = PageReloads.from(request);
        locale = visitor.locale(own.isEmpty() ? null : own.get(0).locale());
        Map<GrantId, Attempt> byGrant = new LinkedHashMap<>();
        for (Attempt attempt : own) {
            // A refusal does not prove that an earlier grant is the visitor's.
            if (attempt.grantId() != null && attempt.status() == Attempt.AttemptStatus.GRANTED) {
                byGrant.putIfAbsent(attempt.grantId(), attempt);
            }
        }
        entries = byGrant.values().stream()
                .flatMap(attempt -> entry(attempt).stream())
                .toList();
    }

    /** Latest first. */
    private List<Attempt> ownAttempts() {
        var shown = BrowserBinding.all(settings, request.getCookies()).entrySet();
        return shown.stream()
                .skip(Math.max(0, shown.size() - BrowserBinding.MOST))
                .flatMap(cookie ->
                        attempts.find(cookie.getKey()).filter(found -> found.isFrom(cookie.getValue())).stream())
                .sorted(Comparator.comparing(PermissionsBacking::end).reversed())
                .toList();
    }

    private static Instant end(Attempt attempt) {
        Instant finished = attempt.finishedAt();
        return finished == null ? Instant.EPOCH : finished;
    }

    private Optional<Entry> entry(Attempt attempt) {
        return connectors.find(attempt.connector()).flatMap(connector -> {
            AccessDecision decision = decisions.decide(attempt, connector, Freshness.NO_TOKEN);
            return Optional.ofNullable(decision.grant()).map(grant -> entry(attempt, connector, decision, grant));
        });
    }

    private Entry entry(Attempt attempt, Connector connector, AccessDecision decision, Grant grant) {
        return new Entry(
                attempt.id(),
                connector.name().in(locale),
                connector.provider().name(),
                grant.accountName(),
                decision,
                since(grant),
                grant.endsAt(),
                Explanation.describeGranted(connector, grant.granted(), locale),
                connector.provider().endNotice().word(),
                ends.of(connector, grant, locale).orElse(null),
                ends.link(connector, locale));
    }

    private Instant since(Grant grant) {
        return history.of(grant.id()).stream()
                .filter(event -> event.kind() == GrantEvent.GrantEventKind.GRANTED)
                .findFirst()
                .map(GrantEvent::at)
                .orElse(grant.createdAt());
    }

    public Locale getLocale() {
        return locale;
    }

    /** Whether the page reloads itself, since a revocation is pending. */
    public boolean isWatching() {
        return looks.mayLookAgain() && entries.stream().map(Entry::end).anyMatch(end -> end != null && end.isPending());
    }

    /** Number of loads, this one included. */
    public int getLooks() {
        return looks.next();
    }

    /** Latest first. */
    public List<Entry> getEntries() {
        return entries;
    }
}
