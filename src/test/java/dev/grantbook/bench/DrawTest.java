package dev.grantbook.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawTest {

    private static final int USERS = 1_000;
    private static final int DRAWS = 100_000;

    @Test
    void zipfBeginsWithTheFirstUserAndEndsWithTheLast() {
        assertThat(Draw.place(USERS, 0)).isZero();
        assertThat(Draw.place(USERS, Math.nextDown(1.0))).isEqualTo(USERS - 1);
        assertThat(Draw.place(1, 0.5)).isZero();
    }

    @Test
    void zipfDrawsUsersAsOftenAsTheirPlacesSay() {
        int[] drawn = IntStream.range(0, DRAWS)
                .map(n -> Draw.place(USERS, n / (double) DRAWS))
                .toArray();

        double tenth = IntStream.of(drawn).filter(user -> user == 9).count();
        double hundredth = IntStream.of(drawn).filter(user -> user == 99).count();
        assertThat(tenth / hundredth).isCloseTo(10, within(1.0));
    }

    @Test
    void eachUserIsDrawnInTurn() {
        assertThat(IntStream.generate(Draw.each(3)).limit(5)).containsExactly(0, 1, 2, 0, 1);
    }

    @Test
    void randomDrawsAreOfUsersThatThereAre() {
        assertThat(IntStream.generate(Draw.uniform(3)).limit(1000)).containsOnly(0, 1, 2);
        assertThat(IntStream.generate(Draw.zipf(3)).limit(1000)).allMatch(user -> user >= 0 && user < 3);
    }
}
