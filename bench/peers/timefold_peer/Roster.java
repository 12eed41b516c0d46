package peers;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import java.util.List;

/** The planning solution: one hard level and three soft ones, as our tiers. */
@PlanningSolution
public class Roster {
    @ProblemFactCollectionProperty
    private List<Person> people;

    @ProblemFactCollectionProperty
    private List<Need> needs;

    @ProblemFactCollectionProperty
    private List<Want> wants;

    @ProblemFactCollectionProperty
    private List<Apart> apart;

    @PlanningEntityCollectionProperty
    private List<Seat> seats;

    @PlanningScore(bendableHardLevelsSize = 1, bendableSoftLevelsSize = 3)
    private BendableLongScore score;

    public Roster() {}

    public Roster(List<Person> people, List<Need> needs, List<Want> wants, List<Apart> apart, List<Seat> seats) {
        this.people = people;
        this.needs = needs;
        this.wants = wants;
        this.apart = apart;
        this.seats = seats;
    }

    public List<Seat> getSeats() {
        return seats;
    }

    public BendableLongScore getScore() {
        return score;
    }

    public void setScore(BendableLongScore score) {
        this.score = score;
    }
}
