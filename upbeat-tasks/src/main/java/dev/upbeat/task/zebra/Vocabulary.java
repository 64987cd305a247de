package dev.upbeat.task.zebra;

import dev.upbeat.task.zebra.Attribute.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of the published puzzles with their six values each, and their phrases in clues. The wording, including its
 * misspellings ("the boquet of lilies"), is the benchmark's: with other words, puzzles made here would differ from it.
 */
final class Vocabulary {
    /** The first attribute of every puzzle. */
    static final String NAME = "Name";

    private static final String WORDS = """
            Name: Each person has a unique name
            Eric = Eric
            Arnold = Arnold
            Peter = Peter
            Alice = Alice
            Bob = Bob
            Carol = Carol

            Nationality: The people are of nationalities
            dane = the Dane
            brit = the British person
            swede = the Swedish person
            norwegian = the Norwegian
            german = the German
            chinese = the Chinese

            BookGenre: People have unique favorite book genres
            mystery = the person who loves mystery books
            science fiction = the person who loves science fiction books
            romance = the person who loves romance books
            fantasy = the person who loves fantasy books
            biography = the person who loves biography books
            historical fiction = the person who loves historical fiction books

            Food: Everyone has something unique for lunch
            grilled cheese = the person who loves eating grilled cheese
            pizza = the person who is a pizza lover
            spaghetti = the person who loves the spaghetti eater
            stew = the person who loves the stew
            stir fry = the person who loves stir fry
            soup = the person who loves the soup

            Color: Each person has a favorite color
            red = the person whose favorite color is red
            yellow = the person who loves yellow
            white = the person who loves white
            green = the person whose favorite color is green
            blue = the person who loves blue
            purple = the person who loves purple

            Animal: The people keep unique animals
            cat = the cat lover
            horse = the person who keeps horses
            bird = the bird keeper
            fish = the fish enthusiast
            dog = the dog owner
            rabbit = the rabbit owner

            Occupation: Each person has an occupation
            engineer = the person who is an engineer
            doctor = the person who is a doctor
            teacher = the person who is a teacher
            artist = the person who is an artist
            lawyer = the person who is a lawyer
            nurse = the person who is a nurse

            PhoneModel: People use unique phone models
            iphone 13 = the person who uses an iPhone 13
            samsung galaxy s21 = the person who uses a Samsung Galaxy S21
            google pixel 6 = the person who uses a Google Pixel 6
            oneplus 9 = the person who uses a OnePlus 9
            huawei p50 = the person who uses a Huawei P50
            xiaomi mi 11 = the person who uses a Xiaomi Mi 11

            Children: Each mother is accompanied by their child
            Fred = the person's child is named Fred
            Bella = the person's child is named Bella
            Meredith = the person's child is named Meredith
            Samantha = the person's child is named Samantha
            Timothy = the person who is the mother of Timothy
            Alice = the person's child is named Alice

            MusicGenre: People have unique favorite music genres
            pop = the person who loves pop music
            rock = the person who loves rock music
            classical = the person who loves classical music
            jazz = the person who loves jazz music
            hip hop = the person who loves hip-hop music
            country = the person who loves country music

            Height: People have unique heights
            very short = the person who is very short
            short = the person who is short
            average = the person who has an average height
            tall = the person who is tall
            very tall = the person who is very tall
            super tall = the person who is super tall

            Mother: The mothers' names in different houses are unique
            Aniya = the person whose mother's name is Aniya
            Holly = the person whose mother's name is Holly
            Janelle = the person whose mother's name is Janelle
            Kailyn = the person whose mother's name is Kailyn
            Penny = the person whose mother's name is Penny
            Sarah = the person whose mother's name is Sarah

            Vacation: Each person prefers a unique type of vacation
            mountain = the person who enjoys mountain retreats
            beach = the person who loves beach vacations
            city = the person who prefers city breaks
            cruise = the person who likes going on cruises
            camping = the person who enjoys camping trips
            cultural = the person who goes on cultural tours

            Pet: Each person has a unique type of pet
            dog = the person who owns a dog
            cat = the person who has a cat
            fish = the person with an aquarium of fish
            bird = the person who keeps a pet bird
            hamster = the person with a pet hamster
            rabbit = the person who owns a rabbit

            Birthday: Each person has a unique birthday month
            april = the person whose birthday is in April
            sept = the person whose birthday is in September
            jan = the person whose birthday is in January
            feb = the person whose birthday is in February
            mar = the person whose birthday is in March
            may = the person whose birthday is in May

            HouseStyle: Each person lives in a unique style of house
            colonial = the person living in a colonial-style house
            victorian = the person residing in a Victorian house
            ranch = the person in a ranch-style home
            craftsman = the person in a Craftsman-style house
            modern = the person in a modern-style house
            mediterranean = the person in a Mediterranean-style villa

            Flower: They all have a unique favorite flower
            carnations = the person who loves a carnations arrangement
            daffodils = the person who loves a bouquet of daffodils
            lilies = the person who loves the boquet of lilies
            roses = the person who loves the rose bouquet
            tulips = the person who loves the vase of tulips
            iris = the person who loves the boquet of iris

            Education: Each person has a unique level of education
            high school = the person with a high school diploma
            associate = the person with an associate's degree
            bachelor = the person with a bachelor's degree
            master = the person with a master's degree
            doctorate = the person with a doctorate
            trade school = the person who attended trade school

            FavoriteSport: People have unique favorite sports
            soccer = the person who loves soccer
            basketball = the person who loves basketball
            tennis = the person who loves tennis
            swimming = the person who loves swimming
            baseball = the person who loves baseball
            volleyball = the person who loves volleyball

            Cigar: Everyone has a unique favorite cigar
            prince = the Prince smoker
            pall mall = the person partial to Pall Mall
            blue master = the person who smokes Blue Master
            dunhill = the Dunhill smoker
            blends = the person who smokes many unique blends
            yellow monster = the person who smokes Yellow Monster

            CarModel: People own unique car models
            tesla model 3 = the person who owns a Tesla Model 3
            ford f150 = the person who owns a Ford F-150
            toyota camry = the person who owns a Toyota Camry
            honda civic = the person who owns a Honda Civic
            bmw 3 series = the person who owns a BMW 3 Series
            chevrolet silverado = the person who owns a Chevrolet Silverado

            Hobby: Each person has a unique hobby
            gardening = the person who enjoys gardening
            photography = the photography enthusiast
            cooking = the person who loves cooking
            painting = the person who paints as a hobby
            knitting = the person who enjoys knitting
            woodworking = the woodworking hobbyist

            HairColor: People have unique hair colors
            black = the person who has black hair
            brown = the person who has brown hair
            blonde = the person who has blonde hair
            red = the person who has red hair
            gray = the person who has gray hair
            auburn = the person who has auburn hair

            Smoothie: Everyone has a favorite smoothie
            cherry = the person who likes Cherry smoothies
            desert = the Desert smoothie lover
            watermelon = the Watermelon smoothie lover
            dragonfruit = the Dragonfruit smoothie lover
            lime = the person who drinks Lime smoothies
            blueberry = the person who drinks Blueberry smoothies

            Drink: Each person has a unique favorite drink
            tea = the tea drinker
            water = the one who only drinks water
            milk = the person who likes milk
            coffee = the coffee drinker
            root beer = the root beer lover
            boba tea = the boba tea drinker
            """;

    private static final List<Attribute> ALL = read();

    private Vocabulary() {}

    /** All attributes, {@link #NAME} first. */
    static List<Attribute> all() {
        return ALL;
    }

    /** The attribute that a sentence introduces in a question; null if no published puzzle has it. */
    static @Nullable Attribute introducedBy(String sentence) {
        for (Attribute attribute : ALL) {
            if (attribute.sentence().equals(sentence)) {
                return attribute;
            }
        }
        return null;
    }

    private static List<Attribute> read() {
        List<Attribute> attributes = new ArrayList<>();
        for (String block : WORDS.strip().split("\n\n")) {
            List<String> lines = block.lines().toList();
            String[] head = lines.get(0).split(": ", 2);
            List<Value> values = lines.stream()
                    .skip(1)
                    .map(line -> line.split(" = ", 2))
                    .map(words -> new Value(words[0], words[1]))
                    .toList();
            attributes.add(new Attribute(head[0], head[1], values));
        }
        return List.copyOf(attributes);
    }
}
