package dev.grantbook.grant.search;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.GrantedSet;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.id.ConnectorId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds pages of grants among a million without scanning them, in one of three ways:
 *
 * <ul>
 *   <li>without a condition, or with a very common text, by the index of the order;
 *   <li>with a subject or a rare text, from the few grants that match; with a frequent text, from all matches, sorted;
 *   <li>otherwise from one branch per matching {@link GrantedSet} and status, each read from an index in the requested
 *       order, so that only the heads of the branches are read.
 * </ul>
 *
 * The page behind the last of very many matches of a text stays slow.
 */
@ApplicationScoped
@Transactional
public class GrantSearch {

    public static final int LONGEST_PAGE = 200;

    /** Most matches of a text whose ids a query lists. */
    private static final int RARE = 5000;

    /** A text with more matches is so common that any order soon finds some. */
    private static final int FREQUENT = 200_000;

    /** Tests set both lower. */
    int rare = RARE;

    int frequent = FREQUENT;

    /** Branches in one statement, as many as a database plans quickly. */
    private static final int BRANCHES = 100;

    @PersistenceContext
    EntityManager entities;

    /** @param query by the stored status, which {@link GrantEnding#endOverdue} updates */
    public Page page(GrantQuery query) {
        List<Grant> found = find(query);
        if (found.size() <= query.limit()) {
            return new Page(found, null);
        }
        List<Grant> page = found.subList(0, query.limit());
        return new Page(page, GrantCursor.of(page.get(page.size() - 1)));
    }

    private List<Grant> find(GrantQuery query) {
        var conditions = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        SearchTerms words = SearchTerms.of(query.text());
        if (query.statuses().isEmpty()) {
            return List.of();
        }
        if (query.subject() != null) {
            conditions.add("g.subject = :subject");
            values.put("subject", query.subject().value());
        }
        if (words != null) {
            Set<String> few = grantsWith(words);
            if (few != null && few.isEmpty()) {
                return List.of();
            }
            if (few != null) {
                conditions.add("g.id IN :few");
                values.put("few", few);
                words = null;
            } else if (isFrequent(words)) {
                return findSorted(query, words);
            }
        }
        if (conditions.isEmpty() && (isBySet(query) || isByStatus(query))) {
            return branches(query, sets(query), words);
        }
        if (isBySet(query)) {
            List<String> sets = sets(query);
            if (sets.isEmpty()) {
                return List.of();
            }
            conditions.add("g.grantedSet IN :sets");
            values.put("sets", sets);
        }
        if (isByStatus(query)) {
            conditions.add("g.status IN :statuses");
            values.put("statuses", query.statuses());
        }
        if (words != null) {
            // Not EXISTS, which a database may answer by collecting all grants that have the word.
            conditions.add(
                    "0 < (SELECT COUNT(w) FROM Grant h JOIN h.wordRows w WHERE h.id = g.id AND w >= :from AND w < :to)");
            values.put("from", words.from());
            values.put("to", words.to());
        }
        GrantCursor after = query.after();
        if (after != null) {
            boolean bySubject = query.sort() == Sort.SUBJECT;
            // The first half is redundant, but an index can start at it.
            conditions.add(
                    bySubject
                            ? "g.subject >= :key AND (g.subject > :key OR g.id > :id)"
                            : "g.updatedAt <= :key AND (g.updatedAt < :key OR g.id > :id)");
            values.put("key", bySubject ? after.subject().value() : after.updatedAt());
            values.put("id", after.id().value());
        }
        return select(conditions, values, query);
    }

    private List<Grant> select(List<String> conditions, Map<String, Object> values, GrantQuery query) {
        TypedQuery<Grant> select = entities.createQuery(
                "SELECT g FROM Grant g" + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + (query.sort() == Sort.SUBJECT
                                ? " ORDER BY g.subject, g.id"
                                : " ORDER BY g.updatedAt DESC, g.id"),
                Grant.class);
        values.forEach(select::setParameter);
        return select.setMaxResults(query.limit() + 1).getResultList();
    }

    private List<String> sets(GrantQuery query) {
        return entities.createQuery("SELECT s FROM GrantedSet s", GrantedSet.class)
                .getResultStream()
                .filter(set -> query.connector() == null || set.connector().equals(query.connector()))
                .filter(set -> query.scope() == null || set.holds(query.scope()))
                .filter(set -> query.missingScope() == null || lacks(set, query.missingScope(), query.askedBy()))
                .map(GrantedSet::id)
                .toList();
    }

    private static boolean lacks(GrantedSet set, String scope, @Nullable Set<ConnectorId> askedBy) {
        return !set.holds(scope) && (askedBy == null || askedBy.contains(set.connector()));
    }

    /** Null when more than {@link #rare} grants match. */
    private @Nullable Set<String> grantsWith(SearchTerms words) {
        List<String> found = entities.createQuery(
                        "SELECT g.id FROM Grant g JOIN g.wordRows w WHERE w >= :from AND w < :to", String.class)
                .setParameter("from", words.from())
                .setParameter("to", words.to())
                .setMaxResults(rare + 1)
                .getResultList();
        return found.size() > rare ? null : Set.copyOf(found);
    }

    private boolean isFrequent(SearchTerms words) {
        Object count = entities.createNativeQuery("SELECT COUNT(*) FROM (SELECT grant_id FROM grant_word"
                        + " WHERE word >= ? AND word < ? FETCH FIRST " + (frequent + 1) + " ROWS ONLY) matches")
                .setParameter(1, words.from())
                .setParameter(2, words.to())
                .getSingleResult();
        return ((Number) count).intValue() <= frequent;
    }

    private List<Grant> findSorted(GrantQuery query, SearchTerms words) {
        var sql = new StringBuilder("SELECT g.id FROM (SELECT DISTINCT grant_id FROM grant_word"
                + " WHERE word >= ? AND word < ?) matches JOIN user_grant g ON g.id = matches.grant_id WHERE TRUE");
        var values = new ArrayList<Object>(List.of(words.from(), words.to()));
        if (query.subject() != null) {
            sql.append(" AND subject = ?");
            values.add(query.subject().value());
        }
        if (isBySet(query)) {
            List<String> sets = sets(query);
            if (sets.isEmpty()) {
                return List.of();
            }
            appendIn(sql, "granted_set", sets, values);
        }
        if (isByStatus(query)) {
            appendIn(
                    sql,
                    "status",
                    query.statuses().stream().map(GrantStatus::name).toList(),
                    values);
        }
        behind(query, sql, values);
        sql.append(" ORDER BY ").append(order(query)).append(first(query));
        return load(ids(sql.toString(), values), query);
    }

    private List<Grant> load(List<String> ids, GrantQuery query) {
        return ids.isEmpty() ? List.of() : select(List.of("g.id IN :ids"), Map.of("ids", ids), query);
    }

    private static void behind(GrantQuery query, StringBuilder sql, List<Object> values) {
        GrantCursor after = query.after();
        if (after != null) {
            boolean bySubject = query.sort() == Sort.SUBJECT;
            Object last = bySubject ? after.subject().value() : Timestamp.from(after.updatedAt());
            // The first half is redundant, but an index can start at it.
            sql.append(
                    bySubject
                            ? " AND subject >= ? AND (subject > ? OR id > ?)"
                            : " AND updated_at <= ? AND (updated_at < ? OR id > ?)");
            values.addAll(List.of(last, last, after.id().value()));
        }
    }

    private static String order(GrantQuery query) {
        return query.sort() == Sort.SUBJECT ? "subject, id" : "updated_at DESC, id";
    }

    private static String first(GrantQuery query) {
        return " FETCH FIRST " + (query.limit() + 1) + " ROWS ONLY";
    }

    private List<String> ids(String sql, List<Object> values) {
        var select = entities.createNativeQuery(sql);
        for (int index = 0; index < values.size(); index++) {
            select.setParameter(index + 1, values.get(index));
        }
        var ids = new ArrayList<String>();
        for (Object id : select.getResultList()) {
            ids.add((String) id);
        }
        return ids;
    }

    private static void appendIn(StringBuilder sql, String column, List<String> allowed, List<Object> values) {
        sql.append(" AND ").append(column).append(" IN (");
        sql.append(String.join(", ", Collections.nCopies(allowed.size(), "?"))).append(')');
        values.addAll(allowed);
    }

    private static boolean isByStatus(GrantQuery query) {
        return query.statuses().size() < GrantStatus.values().length;
    }

    private static boolean isBySet(GrantQuery query) {
        return query.connector() != null || query.scope() != null || query.missingScope() != null;
    }

    private record Branch(String set, GrantStatus status) {}

    private List<Grant> branches(GrantQuery query, List<String> sets, @Nullable SearchTerms words) {
        List<Branch> branches = sets.stream()
                .flatMap(set -> query.statuses().stream().map(status -> new Branch(set, status)))
                .toList();
        var heads = new ArrayList<String>();
        for (int from = 0; from < branches.size(); from += BRANCHES) {
            heads.addAll(heads(branches.subList(from, Math.min(from + BRANCHES, branches.size())), query, words));
        }
        return load(heads, query);
    }

    /** Finds the first grants of some branches together. In SQL, since JPQL has no union. */
    private List<String> heads(List<Branch> branches, GrantQuery query, @Nullable SearchTerms words) {
        // No other column, so that the index alone suffices.
        String key = query.sort() == Sort.SUBJECT ? "subject" : "updated_at";
        var values = new ArrayList<Object>();
        var union = new ArrayList<String>();
        for (Branch branch : branches) {
            var sql = new StringBuilder("(SELECT id, ")
                    .append(key)
                    .append(" FROM user_grant g WHERE granted_set = ? AND status = ?");
            values.add(branch.set());
            values.add(branch.status().name());
            if (words != null) {
                sql.append(" AND 0 < (SELECT COUNT(*) FROM grant_word w"
                        + " WHERE w.grant_id = g.id AND word >= ? AND word < ?)");
                values.add(words.from());
                values.add(words.to());
            }
            behind(query, sql, values);
            // Names the constant columns too, so that H2 recognizes the order of the index.
            sql.append(" ORDER BY granted_set, status, ").append(order(query)).append(first(query));
            union.add(sql.append(')').toString());
        }
        return ids(
                "SELECT id FROM (" + String.join(" UNION ALL ", union) + ") heads ORDER BY " + order(query)
                        + first(query),
                values);
    }

    /** The range of words with one prefix. */
    private record SearchTerms(String from, String to) {

        static @Nullable SearchTerms of(@Nullable String text) {
            if (text == null || text.isBlank()) {
                return null;
            }
            String from = text.strip().toLowerCase(Locale.ROOT);
            int last = from.codePointBefore(from.length());
            // The next code point; surrogates are skipped.
            int next = last == 0xD7FF ? 0xE000 : Math.min(last + 1, Character.MAX_CODE_POINT);
            return new SearchTerms(
                    from, from.substring(0, from.length() - Character.charCount(last)) + Character.toString(next));
        }
    }
}
