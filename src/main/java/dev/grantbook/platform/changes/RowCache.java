package dev.grantbook.platform.changes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was read from one table, for as long as this node hears of changes; while it does not, each look-up reads.
 * Entries are forgotten when their row changes: at once when this node changes it and says so, within a moment when
 * another node does. A look-up that began before a change does not keep what it read.
 *
 * @param <K> what is looked up
 * @param <V> what was read; shared by threads and never changed
 */
public final class RowCache<K, V> {

    /** Keys that share a number of changes. */
    private static final int STRIPES = 1024;

    private final RowChanges changes;
    private final Cache<K, V> entries;

    /** How many changes were heard, by stripe of keys. */
    private final AtomicLongArray heard = new AtomicLongArray(STRIPES);

    /**
     * Makes a cache that follows a table.
     *
     * @param table name of the table
     * @param keyOf reads the key of an entry from what the table's trigger says; null to forget all entries
     * @param weight most that all entries may weigh, in the unit of {@code weigher}
     */
    public RowCache(
            RowChanges changes, String table, Function<String, @Nullable K> keyOf, long weight, Weigher<K, V> weigher) {
        this.changes = changes;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(weight)
                .weigher(weigher)
                .executor(Runnable::run)
                .build();
        changes.listen(
                change -> {
                    if (change.table().equals(table)) {
                        K key = keyOf.apply(change.key());
                        if (key == null) {
                            forgetAll();
                        } else {
                            forget(key);
                        }
                    }
                },
                this::forgetAll);
    }

    /**
     * Returns the entry, or reads and keeps it.
     *
     * @param read returns null for what there is not, which is not kept; must see committed rows alone
     */
    public @Nullable V get(K key, Function<K, @Nullable V> read) {
        if (!changes.isHearing()) {
            return read.apply(key);
        }
        V known = entries.getIfPresent(key);
        if (known != null) {
            return known;
        }
        long before = heard.get(stripe(key));
        V found = read.apply(key);
        if (found != null) {
            keep(key, found, before);
        }
        return found;
    }

    /**
     * Returns the entries of all keys that have one, and reads at once those that are not kept.
     *
     * @param read is given some of the keys, and leaves out those that there are not; must see committed rows alone
     */
    public Map<K, V> getAll(Set<K> keys, Function<Set<K>, Map<K, V>> read) {
        if (!changes.isHearing()) {
            return read.apply(keys);
        }
        var all = new HashMap<K, V>(entries.getAllPresent(keys));
        var before = new HashMap<K, Long>();
        for (K key : keys) {
            if (!all.containsKey(key)) {
                before.put(key, heard.get(stripe(key)));
            }
        }
        if (!before.isEmpty()) {
            Map<K, V> found = read.apply(before.keySet());
            before.forEach((key, changed) -> {
                V value = found.get(key);
                if (value != null) {
                    keep(key, value, changed);
                    all.put(key, value);
                }
            });
        }
        return all;
    }

    /** @param before how many changes of the key's stripe had been heard when the look-up began */
    private void keep(K key, V found, long before) {
        entries.put(key, found);
        if (heard.get(stripe(key)) != before) {
            entries.invalidate(key);
        }
    }

    private static int stripe(Object key) {
        return Math.floorMod(key.hashCode(), STRIPES);
    }

    /** Forgets an entry; to be called after a commit. */
    public void forget(K key) {
        heard.incrementAndGet(stripe(key));
        entries.invalidate(key);
    }

    /** Forgets all entries; to be called after a commit. */
    public void forgetAll() {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            heard.incrementAndGet(stripe);
        }
        entries.invalidateAll();
    }
}
