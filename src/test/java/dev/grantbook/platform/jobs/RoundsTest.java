package dev.grantbook.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final List<String> done = new ArrayList<>();

    @Test
    void aRoundDoesTheWork() {
        Rounds.round("sweeping", () -> done.add("swept"));

        assertThat(done).containsExactly("swept");
    }

    @Test
    void workThatFailsDoesNotEndTheRounds() {
        assertThatNoException()
                .isThrownBy(() -> Rounds.round("sweeping", () -> {
                    throw new IllegalStateException("no broom");
                }));
        assertThatNoException()
                .isThrownBy(() -> Rounds.round("sweeping", () -> {
                    throw new NoClassDefFoundError("Broom");
                }));
    }
}
