"""Words that the checks know: of hashtags, of acronyms, of what begins with a capital letter and is no person. Pure.

Our own lists, in English and Spanish, without accents. What is missing in them is not found, and that is meant:
a hint that comes rarely is read.
"""

from __future__ import annotations

import unicodedata

# vowel marks of Latin, Greek, Cyrillic; of Hebrew; of Arabic. Other scripts have marks that make another word.
_MARKS = (*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x670)
_NO_MARKS = dict.fromkeys(_MARKS)


def fold(text: str) -> str:
    """For comparing: no capitals, no accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.casefold()).translate(_NO_MARKS))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HASHTAG_WORDS = _words(
    """
    a about across adventure after again all america amazing and animal animals april apply are art arts at
    audiobook audiobooks august author authors autumn award awards back banned bedtime best big bilingual biography
    birthday black board book bookish booklist booklists booklover booklovers bookmark bookmarks books bookshelf
    bookshelves bookstagram booktalk booktalks booktok bookworm bookworms boys bring bus by calendar can card career
    cats celebrate center challenge change chapter child children childrens choice christmas city class classic
    classics classroom clean club clubs code coding college come comic comics community computer contest corner
    country craft crafts create creative curious dads data database day days dear december desk digital discover
    district do dogs donate drama dream drop earth easter ebook ebooks education elementary english environment
    event events every everybody everyone everywhere exam explore facts fair fairy fall family fantasy favorite
    favorites february fiction film first food for free freedom friday friend friends fun future game games garden
    get gifted girls give global go good grade grades graduate graphic great grow guide halloween happy harry have
    health healthy help her heritage hero heroes high his hispanic historical history holiday holidays home homework
    hour hours how idea ideas imagine in indigenous inside inspire international internet into is it january job
    join july june junior just keep kids kind kindness know knowledge language latino law leader leaders learn
    learning lesson let lets letter librarian librarians libraries library life lifelong list literacy literature
    live local look love lunch made magazine magic make maker makers makerspace manga map march mascot math may me
    media meet meeting memory middle minute minutes mom monday month morning movie museum music my mystery name
    national native nature new news newspaper next night nonfiction notebook november ocean october of on one online
    open our out over page pages parent parents party peace people picture planet play please poem poems poet poetry
    policy power prep preschool primary principal prize program project public puzzle question quiz quote rain read
    readathon reader readers reading reads recommended records recycle request research resource resources respect
    review reviews room safety saturday save scary schedule school schools science search season secondary see
    senior september series share shelf shelfie shelves short show sign space spanish special spell spelling
    spotlight spring staff star stars start state stem stories story storytime student students study success summer
    sunday support survey talk tale tales teach teacher teachers teaching team tech technology teen teens test text
    thank thankful thanks that the their them theme this thriller throwback thursday time tip tips title titles to
    today together top travel tree trivia true tuesday tv unite up us vacation video virtual visit volunteer
    volunteers vote wait want war water way we web website wednesday week weekend weekly weeks welcome what when
    where who why wild win winner winter with women wonder word words work workshop world write writer writers
    writing year years you young your zone actividad actividades agosto al alegria alumnos amigos amistad animales
    ano aprende aprender arte autor autora autores aventura ayuda biblioteca bibliotecaria bibliotecario bibliotecas
    bilingue buena buenas buenos cada casa ciencia ciencias clase colegio comunidad con concurso cuento cuentos
    cultura curso de del derechos dia dias diciembre divertida educacion educativa el en enero entre escolar
    escolares escribe escribir escritora escritores escritura escuela escuelas espanol estudiante estudiantes
    familia familias febrero feliz feria ficcion fiesta futuro gracias grado grandes gratis hispana hispanidad
    historia historias hogar hoy imaginacion infancia infantil ingles internacional invierno jovenes juego juegos
    jueves julio junio juntos juvenil la las latina leamos lectora lectoras lector lectores lectura lecturas lee
    leer lees lengua leo letras libre libreria libro libros literatura los lunes madre madres maestra maestras
    maestro maestros magia manana martes marzo mas matematicas mayo mejor mes mi miercoles mis misterio mujer
    mujeres mundial mundo musica nacional naturaleza navidad ninas nino ninos no noche novedad novedades novela
    novelas noviembre nuestra nuestro nueva nuevas nuevo nuevos octubre otono padres pais palabra palabras papel
    para paz persona personas placer planeta poema poemas poesia poetas por primaria primavera primer primero profe
    profes profesor profesora que recomendacion recomendaciones recomendado recursos regalo regalos reto sabado
    sabias salud secundaria semana semanal septiembre ser si sin sobre sorpresa taller talleres teatro tecnologia
    tiempo tierra titulos tu tus un una verano viajar viaje vida viernes vuelta y yo instagram rock rocks diverse
    more less ever under dead lovely hat hats pajama pajamas color colors valentine valentines veterans martin
    luther king white red blue green sport sports soccer chess robot robots lego legos bullying kindly inclusion
    inclusive citizen citizenship mental wellness mindful mindfulness american asian pacific islander womens mens
    pride fest festival buddy buddies chat eve i es son forever artwork homeroom daytime teamwork schoolwork within
    without checkout playtime lifetime anytime everytime lunchtime summertime wintertime springtime playlist
    shortlist bienvenidos bienvenida porque nighttime playground
    """
)

ACRONYMS = _words(
    """
    AASL ADA AI ALA AM AP AR ASL AV BBC BFF BIPOC BYOB CD CEO CNN CST CSV DIY DJ DNA DVD EBSCO ELA ELL EPUB ESL ESOL
    EST ET EU FAQ FBI FBLA FYI GMT GPA GSA HTML HVAC IB ID IEP II III IM IRL ISBN ISTE IT IV IX JFK JROTC JSTOR K KS
    LED LEGO LGBT LGBTQ LGBTQIA LMC MC MIT MLA MLK NASA NBA NFL NPR NY NYC OK OPAC PA PAC PBS PC PDF PDT PE PIN PM
    PS PSA PST PTA PTO PTSA QR RSVP SAT SEL SMS SOS STEAM STEM SUV TED TBA TBD TV UK UN UNESCO UNICEF URL US USA USB
    VI VII VIII VIP VR WIFI XI XII YA YMCA ZIP AMPA CEIP IES EEUU UE ONU OMS DNI RAE CDMX
    """
)

# without "march" and "may", which are other words as well
DAYS_AND_MONTHS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february april june july august september
    october november december
    """
)

# Capital letters that make no name of a person.
NO_NAMES = _words(
    """
    academy advanced africa african air america american an annual author authors artists readers writers winners
    books april arab area art arts asia asian assembly at august australia avenue award awards back baseball
    basketball best biology board book building bus california camp canada canadian carnival center central
    challenge chemistry chess chicago children children's chinese choir christmas city class classroom club coach
    college colonial communication community computer contest council county course court covid cross cup dance day
    days december department desk district doctor dr drama drive earth east eastern easter education eighth election
    elementary eleventh english europe european exhibit fair fall family father favorite february festival field
    fifth film first florida football fourth france french friday friends fun future gala gallery garden german
    google grade grades grand great greek group gym hall halloween hanukkah happy health heritage high hispanic
    history holiday home honor honors hour house illinois independence india indian indigenous international
    internet island italian italy january japan japanese journal july june junior kindergarten kwanzaa lab lake
    language latin latino league learning lego level librarian librarians library local london lunar lunch madrid
    maker march math mathematics may media memorial mexican mexico middle minecraft miss monday month mother
    mountain mr mrs ms museum music mx national native new news ninth north northern november nurse ocean october
    office old olympics open our pacific parent parents park part period physics place plaza poetry post prize
    principal professor program project public puerto ramadan read reading rico river road rock room round san santa
    saturday school schools science second semester senior september series seventh show sixth soccer social society
    south southern spain spanish spring staff star state states story street student students studies summer sunday
    super teacher teachers team tech technology tenth texas thanksgiving the theater theatre third thursday time
    title town trail tuesday twelfth union unit united university valley van virtual volleyball wall washington
    wednesday week west western winter world writing year yearbook years york zone abril aceleradora agosto ano
    asociacion autonoma avenida barcelona biblioteca calle campus carrera carnaval castellano centro ciencia
    ciencias ciudad clase colegio concurso curso de departamento dia diciembre director directora domingo dona
    educacion enero escuela espana espanol feria febrero fiesta gran grado historia hoy instituto inglesa ingles
    internacional invierno jueves julio junio lengua lunes madre maestra maestro martes marzo matematicas mayo
    miercoles mundial municipal nacional navidad nino norte noviembre octubre otono padre pais parque poesia premio
    primaria primavera primer primero profe profesor profesora sabado sala secundaria semana senor senora senorita
    septiembre sr sra srta sur taller teatro tercer tercero universidad verano viernes tower bridge gate golden
    mount night gardens falls castle palace statue liberty temple church pyramid beach desert forest canyon zoo farm
    stadium airport station planet moon sun galaxy solar system republic kingdom polar bear dragon butterfly
    dinosaur graders grader eagles tigers lions wildcats bulldogs niagara everest rushmore eiffel amazon nile sahara
    starry fools showers flowers madness graduation
    """
)

# Months and days that people are called after.
CALENDAR_NAMES = _words("april may june august abril julio domingo")

# First names, without those that are words as well: with one of them two words are a name and no title or list.
FIRST_NAMES = _words(
    """
    aaliyah aaron abdul abigail adam adrian adriana ahmed aidan aiden aisha alan alberto alejandra alejandro alex
    alexa alexander alexandra alexis alfonso ali alice alicia alina alma alonso alyssa amanda amelia amina amir amy
    ana andre andrea andres andrew angela ann anna anne anthony antonio ariana ariel arjun arturo ashley asher aubrey
    ava avery ayden aylin beatriz becky ben benjamin bernardo beth bianca bob brandon brayden brenda brian brianna
    brittany brooklyn bryan caleb camila camille carla carlos carmen caroline carter catalina catherine cecilia
    cesar charles charlie charlotte chen chloe chris christian christina christopher claire clara claudia cody
    colin connor cristian cristina cynthia dan daniel daniela danielle danny david dayana delia denise dennis
    destiny devon diana diego dmitri dominic dylan eduardo edward eleanor elena eli eliana elias elijah elizabeth
    ella ellen ellie emanuel emilia emiliano emilio emily emma enrique eric erica erin ernesto esteban esther ethan
    eva evan evelyn fabian fatima federico felipe fernanda fernando fiona francesca francisco frank gabriel gabriela
    gael gavin george gianna giovanni gloria gonzalo greg guadalupe guillermo gustavo hailey hannah hassan hector
    helen henry hugo ian ibrahim ignacio imani irene isaac isabel isabella isabelle isaiah ivan jacob jada jaden
    jake jamal james jamie jane javier jayden jean jeff jennifer jeremiah jeremy jesse jessica jesus jimena joan
    joanna joaquin joe joel john jonah jonathan jorge jose joseph joshua josiah juan juana juanita julia julian
    juliana jun justin kaitlyn karen karim karina karla kate katherine katie kayla kelly kenneth kevin khadija kim
    kimberly kyle laila lara laura lauren layla leah leila leo leon leonardo leslie leticia levi liam liliana
    linda lisa logan lorena lorenzo louis luc lucas lucia luciana lucy luis luisa luke lupe lydia mackenzie malik
    manuel marco marcos marcus margaret maria mariam mariana marie mario marisol marta martha martin martina mary
    mateo mathew matias matthew maya megan mei melanie melissa mia michael michelle miguel mila miles miriam
    mohamed mohammed monica morgan muhammad nancy natalia natalie nathan nathaniel nevaeh nicholas nicolas nicole
    nina noah noel nora octavio oksana olga oliver olivia omar oscar pablo paola patricia patrick paul paula paulina
    pedro penelope pierre priya quinn rachel rafael ramiro ramon raul rebecca regina renata ricardo richard riley robert
    roberto rodrigo rosario ryan sabrina salma salvador sam samantha samir samuel sandra santiago sara sarah
    savannah scarlett sean sebastian sergio shannon sherry silvia simon sofia sonia sophia sophie stella stephanie
    stephen steven susan susana tanya tatiana taylor teresa theo theodore thiago thomas tiffany timothy tomas tony
    tyler valentina valeria vanessa vera veronica vicente victor vincent viviana vladimir walter wei wendy william
    wyatt ximena xavier yasmin yolanda yusuf zachary zainab zara zoe zoey
    """
)

# What sentences begin with; before a name these are no part of it.
BEGINNERS = _words(
    """
    a about after all also although amazing an and another are art artist artists artwork as ask at be beautiful
    because before behold besides both but by can celebrate celebrating check class come congrats congratulations
    could created dear did discover do does drawing drawn during each even every everyone excited featuring find
    finally first follow for from fun get give go good great had happy has have he hear hello help her here hey hi
    his hooray how i if in introducing is it its join just kudos last later let like look love made make many maybe
    may meanwhile meet more most my next no not now of on once one only or our over painting photo photos picture
    please poem poet poems proud read recently remember say see she should since so some someone sometimes soon
    special student take thank thanks that the their then there these they this those though today together tomorrow
    tonight two under until very visit wait want was watch we welcome well were what when where which while who why
    will wish with without wonderful work wow write writer written yes yesterday yet you young your ademas ahora al
    alumno alumna algunos antes aqui asi aunque ayer bienvenida bienvenido bienvenidos bravo con conoce conozcan
    creado cuando cuento de del desde despues dibujo dibujado donde el ella ellos en enhorabuena entonces entre es
    escrito esta estamos estas este esto estos felicidades felicitaciones foto gracias ha hecho hola hoy la las lean
    lee lo los manana mas mi mira miren muy nuestra nuestro obra otra otro para pero pintado pintura poema por
    porque primero que quien segun si sin sobre su sus tambien te tenemos texto todos trabajo tu un una unos ven
    vean y ya
    """
)

# Descriptions of a picture that say nothing, without their article and without spaces.
NOTHING_SAID = _words(
    """
    picture photo photograph image pic book books cover poster flyer graphic logo alt alttext description seeabove
    seetext none n/a na test foto imagen libro libros portada cartel dibujo descripcion
    """
)
