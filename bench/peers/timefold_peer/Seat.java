package peers;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.entity.PlanningPin;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import java.util.List;

/** One head's room at a need; may stay empty. Only people who may serve the need are ever tried. */
@PlanningEntity
public class Seat {
    @PlanningId
    private long id;

    private Need need;

    @PlanningPin
    private boolean pinned;

    @PlanningVariable(allowsUnassigned = true, valueRangeProviderRefs = "eligible")
    private Person person;

    public Seat() {}

    public Seat(long id, Need need, Person pinnedPerson) {
        this.id = id;
        this.need = need;
        this.person = pinnedPerson;
        this.pinned = pinnedPerson != null;
    }

    @ValueRangeProvider(id = "eligible")
    public List<Person> getEligible() {
        return need.eligible;
    }

    public long getId() {
        return id;
    }

    public Need getNeed() {
        return need;
    }

    public int getDay() {
        return need.day;
    }

    public Person getPerson() {
        return person;
    }

    public void setPerson(Person person) {
        this.person = person;
    }
}
