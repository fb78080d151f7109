package dev.grantbook.grant;

import dev.grantbook.grant.search.GrantQuery;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A query for everything, and what a test wants narrower. */
final class Query {

    private @Nullable ConnectorId connector;
    private @Nullable Subject subject;
    private Set<GrantStatus> statuses = GrantStatus.only(null);
    private @Nullable String scope;
    private @Nullable String missing;
    private @Nullable Set<ConnectorId> askedBy;
    private @Nullable String text;
    private Sort sort = Sort.UPDATED;
    private @Nullable GrantCursor after;
    private int limit = GrantSearch.LONGEST_PAGE;

    Query connector(String value) {
        connector = new ConnectorId(value);
        return this;
    }

    Query subject(String value) {
        subject = new Subject(value);
        return this;
    }

    Query status(GrantStatus... values) {
        statuses = Set.of(values);
        return this;
    }

    Query scope(String value) {
        scope = value;
        return this;
    }

    Query missing(String value) {
        missing = value;
        return this;
    }

    Query askedBy(String... connectors) {
        askedBy = Arrays.stream(connectors).map(ConnectorId::new).collect(Collectors.toSet());
        return this;
    }

    Query text(String value) {
        text = value;
        return this;
    }

    Query sort(Sort value) {
        sort = value;
        return this;
    }

    Query after(@Nullable GrantCursor value) {
        after = value;
        return this;
    }

    Query limit(int value) {
        limit = value;
        return this;
    }

    GrantQuery build() {
        return new GrantQuery(connector, subject, statuses, scope, missing, askedBy, text, sort, after, limit);
    }
}
