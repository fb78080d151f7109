package dev.grantbook.platform.changes;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Names of what differs between two states, each in alphabetical order. */
public record Difference(List<String> added, List<String> changed, List<String> removed) {

    public int count() {
        return added.size() + changed.size() + removed.size();
    }

    /** Compares the values by name. */
    public static <V> Difference between(Map<String, V> before, Map<String, V> after) {
        var added = new TreeSet<>(after.keySet());
        added.removeAll(before.keySet());
        var removed = new TreeSet<>(before.keySet());
        removed.removeAll(after.keySet());
        var changed = new TreeSet<>(after.keySet());
        changed.removeIf(name -> !before.containsKey(name) || Objects.equals(after.get(name), before.get(name)));
        return new Difference(List.copyOf(added), List.copyOf(changed), List.copyOf(removed));
    }
}
