package dev.connectionregistry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** The condition that a class has no method with a modifier. */
final class HaveNoMethod extends ArchCondition<JavaClass> {
    private final JavaModifier modifier;

    private HaveNoMethod(JavaModifier modifier) {
        super("have no " + modifier + " method");
        this.modifier = modifier;
    }

    static HaveNoMethod with(JavaModifier modifier) {
        return new HaveNoMethod(modifier);
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
        item.getMethods().stream()
                .filter(method -> method.getModifiers().contains(modifier))
                .forEach(method ->
                        events.add(SimpleConditionEvent.violated(method, method.getDescription() + " is " + modifier)));
    }
}
