package peers;

import java.util.Set;

/** A wish for one of some needs; its cost is charged when none of them is given. */
public record Want(Person person, long cost, Set<Need> needs) {}
