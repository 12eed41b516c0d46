package peers;

import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintCollectors;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.Joiners;
import ai.timefold.solver.core.api.score.stream.uni.UniConstraintCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The rule catalogue as constraint streams. A cost that is charged even where nobody is assigned is written as a
 * constant per fact, less what the assigned people save of it, so that every stream starts from assigned seats only.
 */
public class Rules implements ConstraintProvider {
    private static final BendableLongScore HARD = BendableLongScore.of(new long[] {1}, new long[] {0, 0, 0});

    private static BendableLongScore tier(int tier) {
        long[] soft = new long[3];
        soft[tier - 1] = 1;
        return BendableLongScore.of(new long[] {0}, soft);
    }

    private static BendableLongScore tierOf(String code) {
        return tier(Instance.current.tiers.get(code));
    }

    private static long weight(String code) {
        return Instance.current.weights.get(code);
    }

    /** A collector over one mutable load, whose result is one number. */
    private record Gather<L>(Supplier<L> empty, BiFunction<L, Seat, Runnable> add, ToLongFunction<L> result)
            implements UniConstraintCollector<Seat, L, Long> {
        @Override
        public Supplier<L> supplier() {
            return empty;
        }

        @Override
        public BiFunction<L, Seat, Runnable> accumulator() {
            return add;
        }

        @Override
        public Function<L, Long> finisher() {
            return result::applyAsLong;
        }
    }

    private static Gather<PersonLoad> person(ToLongFunction<PersonLoad> result) {
        return new Gather<>(
                () -> new PersonLoad(Instance.current),
                (load, seat) -> {
                    load.add(seat);
                    return () -> load.remove(seat);
                },
                result);
    }

    private static Gather<PostLoad> post(ToLongFunction<PostLoad> result) {
        return new Gather<>(
                PostLoad::new,
                (load, seat) -> {
                    Person person = seat.getPerson();
                    load.add(seat);
                    return () -> load.remove(seat, person);
                },
                result);
    }

    private static Gather<List<Seat>> day() {
        return new Gather<>(
                ArrayList::new,
                (seats, seat) -> {
                    seats.add(seat);
                    return () -> seats.remove(seat);
                },
                PersonLoad::units);
    }

    @Override
    public Constraint[] defineConstraints(ConstraintFactory factory) {
        List<Constraint> constraints = new ArrayList<>(List.of(
                clash(factory), limits(factory), limitsOfNobody(factory), apart(factory),
                nobodyThere(factory), uncovered(factory), mix(factory),
                belowOfNobody(factory), below(factory), above(factory),
                owed(factory), served(factory), wanted(factory), granted(factory),
                unfair(factory), unfairBefore(factory), ways(factory)));
        for (int tier = 1; tier <= 3; tier++) {
            constraints.add(linear(factory, tier));
        }
        return constraints.toArray(new Constraint[0]);
    }

    private Constraint clash(ConstraintFactory factory) {
        return factory.forEachUniquePair(Seat.class, Joiners.equal(Seat::getPerson))
                .filter((one, other) -> Instance.current.clash(one.getPerson(), one.getNeed(), other.getNeed()))
                .penalizeLong(HARD, (one, other) -> 1)
                .asConstraint("H01 H06");
    }

    private Constraint limits(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getPerson, person(PersonLoad::broken))
                .impactLong(HARD, (person, broken) -> PersonLoad.none(person).broken() - broken)
                .asConstraint("H04 H05 H07 H08 H09");
    }

    private Constraint limitsOfNobody(ConstraintFactory factory) {
        return factory.forEach(Person.class)
                .penalizeLong(HARD, person -> PersonLoad.none(person).broken())
                .asConstraint("H05 H07 without duties");
    }

    private Constraint apart(ConstraintFactory factory) {
        return factory.forEach(Apart.class)
                .join(Seat.class, Joiners.equal(Apart::one, Seat::getPerson))
                .join(
                        Seat.class,
                        Joiners.equal((pair, seat) -> pair.other(), Seat::getPerson),
                        Joiners.equal((pair, seat) -> seat.getNeed(), Seat::getNeed))
                .penalizeLong(HARD, (pair, one, other) -> 1)
                .asConstraint("H14");
    }

    private Constraint nobodyThere(ConstraintFactory factory) {
        return factory.forEach(Need.class)
                .penalizeLong(tierOf("S10"), need -> need.minimum * need.weightUncovered)
                .asConstraint("S10 without people");
    }

    private Constraint uncovered(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getNeed, post(PostLoad::heads))
                .rewardLong(tierOf("S10"), (need, heads) -> Math.min(heads, need.minimum) * need.weightUncovered)
                .asConstraint("S10");
    }

    private Constraint belowOfNobody(ConstraintFactory factory) {
        return factory.forEach(Need.class)
                .penalizeLong(tierOf("S22"), need -> (need.target - need.minimum) * need.weightBelow)
                .asConstraint("S22 without people");
    }

    private Constraint below(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getNeed, post(PostLoad::heads))
                .rewardLong(
                        tierOf("S22"),
                        (need, heads) -> Math.max(0, Math.min(heads, need.target) - need.minimum) * need.weightBelow)
                .asConstraint("S22");
    }

    private Constraint above(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getNeed, post(PostLoad::heads))
                .penalizeLong(tierOf("S24"), (need, heads) -> Math.max(0, heads - need.target) * need.weightAbove)
                .asConstraint("S24");
    }

    private Constraint mix(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getNeed, post(PostLoad::mix))
                .penalizeLong(tierOf("S23"), (need, broken) -> broken * weight("S23"))
                .asConstraint("S23");
    }

    private Constraint owed(ConstraintFactory factory) {
        return factory.forEach(Person.class)
                .penalizeLong(tierOf("S20"), person -> PersonLoad.none(person).minutesShort() * weight("S20"))
                .asConstraint("S20 without duties");
    }

    private Constraint served(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getPerson, person(PersonLoad::minutesShort))
                .rewardLong(
                        tierOf("S20"),
                        (person, missing) -> (PersonLoad.none(person).minutesShort() - missing) * weight("S20"))
                .asConstraint("S20");
    }

    private Constraint wanted(ConstraintFactory factory) {
        return factory.forEach(Want.class)
                .penalizeLong(tierOf("S30"), Want::cost)
                .asConstraint("S30 without duties");
    }

    private Constraint granted(ConstraintFactory factory) {
        return factory.forEach(Want.class)
                .ifExists(
                        Seat.class,
                        Joiners.equal(Want::person, Seat::getPerson),
                        Joiners.filtering((want, seat) -> want.needs().contains(seat.getNeed())))
                .rewardLong(tierOf("S30"), Want::cost)
                .asConstraint("S30");
    }

    private Constraint unfairBefore(ConstraintFactory factory) {
        return factory.forEach(Person.class)
                .groupBy(Person::getGroup, ConstraintCollectors.max((Person person) -> person.unsocialBefore))
                .penalizeLong(tierOf("S31"), (group, most) -> Math.max(0, most) * weight("S31"))
                .asConstraint("S31 without duties");
    }

    /** What the largest load of a group adds to its largest load before the horizon. */
    private Constraint unfair(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .filter(seat -> seat.getNeed().unsocial)
                .groupBy(Seat::getPerson, ConstraintCollectors.count())
                .groupBy(
                        (person, count) -> person.group,
                        ConstraintCollectors.max((Person person, Integer count) -> person.unsocialBefore + count))
                .penalizeLong(
                        tierOf("S31"),
                        (group, most) -> Math.max(0, most - Instance.current.before(group)) * weight("S31"))
                .asConstraint("S31");
    }

    private Constraint ways(ConstraintFactory factory) {
        return factory.forEach(Seat.class)
                .groupBy(Seat::getPerson, Seat::getDay, day())
                .penalizeLong(tierOf("S32"), (person, day, units) -> units * weight("S32"))
                .asConstraint("S32 between duties");
    }

    private Constraint linear(ConstraintFactory factory, int tier) {
        return factory.forEach(Seat.class)
                .filter(seat -> seat.getNeed().cost(seat.getPerson(), tier) != 0)
                .impactLong(tier(tier), seat -> -seat.getNeed().cost(seat.getPerson(), tier))
                .asConstraint("S30 S32 S33 S34 per duty, tier " + tier);
    }
}
