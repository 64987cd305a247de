package dev.upbeat.io;

import java.lang.reflect.InvocationTargetException;

/** Classes of a user's own, named in a configuration or on the command line. */
public final class ClassByName {
    private ClassByName() {}

    /**
     * An instance of a class on the class path.
     *
     * @param type that it must implement
     * @param name the whole name, a.b.C
     * @param use how messages begin: what it is for
     * @throws BadInputException where there is no such class, or it cannot be used
     */
    public static <T> T load(Class<T> type, String name, String use) {
        try {
            Object instance = Class.forName(name).getConstructor().newInstance();
            if (type.isInstance(instance)) {
                return type.cast(instance);
            }
            throw new BadInputException(refusal(type, name, use, "does not implement " + type.getName()));
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            throw new BadInputException(
                    use + ": class " + name + " is not on the class path (" + e.getMessage()
                            + " is missing); put its jar into UPBEAT_CLASSPATH and write the whole name, a.b.C",
                    e);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new BadInputException(refusal(type, name, use, "cannot be made from outside without parameters"), e);
        } catch (InvocationTargetException | ExceptionInInitializerError e) {
            throw new BadInputException(refusal(type, name, use, "fails when it is made: " + e.getCause()), e);
        }
    }

    private static String refusal(Class<?> type, String name, String use, String reason) {
        return use + ": class " + name + " " + reason + "; expected a public class that implements " + type.getName()
                + ", with a public constructor without parameters";
    }
}
