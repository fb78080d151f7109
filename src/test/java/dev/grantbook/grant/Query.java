package dev.grantbook.grant;

import dev.grantbook.grant.search.GrantQuery;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.grant.search.GrantSearch;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query for everything, and what a test wants narrower. */
final class Query {

    private @Nullable String connector;
    private @Nullable String subject;
    private Set<GrantStatus> statuses = GrantStatus.only(null);
    private @Nullable String scope;
    private @Nullable String missing;
    private @Nullable Set<String> askedBy;
    private @Nullable String text;
    private Sort sort = Sort.UPDATED;
    private @Nullable GrantCursor after;
    private int limit = GrantSearch.LONGEST_PAGE;

    Query connector(String value) {
        connector = value;
        return this;
    }

    Query subject(String value) {
        subject = value;
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
        askedBy = Set.of(connectors);
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
