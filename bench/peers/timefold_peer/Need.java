package peers;

import java.util.List;
import java.util.Map;

/** A post, with the people who may serve it and what each of them costs there by tier. */
public final class Need {
    public final int index;
    public int place;
    public int start;
    public int end;
    public int day;
    public int week;
    public int minimum;
    public int target;
    public int maximum;
    public long weightUncovered;
    public long weightBelow;
    public long weightAbove;
    public int type;
    public boolean mix;
    public boolean unsocial;
    public List<Person> eligible = List.of();
    /** Costs of tiers 1 to 3, then 1 when the place lies in the person's host unit. */
    public Map<Person, long[]> costs = Map.of();

    public Need(int index) {
        this.index = index;
    }

    public int minutes() {
        return end - start;
    }

    public long cost(Person person, int tier) {
        return costs.get(person)[tier - 1];
    }

    public boolean atHost(Person person) {
        return costs.get(person)[3] == 1;
    }
}
