package dev.grantbook.bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** All rounds of one trial. They are summed up by their median, which noise of the machine moves least. */
record Row(String what, String who, List<Round> rounds) {

    double median(Figure figure) {
        return median(rounds.stream().mapToDouble(figure::of));
    }

    double best() {
        return rounds.stream().mapToDouble(Figure.RATE::of).max().orElseThrow();
    }

    /** Divides round by round, since rounds of one number were measured one after the other. */
    double ratio(Figure figure, Row to) {
        return median(IntStream.range(0, rounds.size())
                .mapToDouble(round -> figure.of(rounds.get(round)) / figure.of(to.rounds.get(round))));
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }
}
