"""The first course plan, in both languages: our proposal, from what the association published. The head of the network edits it."""

TITLE, TITLE_EN = "Devenir collectif engagé solidaire", "Becoming a committed, caring collective"

# Title, aim, outline, materials, advice; each in French and in English.
SESSIONS = (
    (
        ("Comprendre l’isolement", "Understanding isolation"),
        ("Savoir qui sont les hors-radars et pourquoi on ne les voit plus.", "Know who falls off the radar, and why nobody sees them any more."),
        (
            "15 min : se présenter, dire ce qui nous amène\n40 min : l’isolement, trois histoires inventées\n15 min : pause\n"
            "40 min : la carte du quartier, qui ne voit-on plus\n10 min : ce que l’on emporte",
            "15 min: introduce ourselves, say what brings us here\n40 min: isolation, three invented stories\n15 min: break\n"
            "40 min: a map of the neighbourhood, whom do we no longer see\n10 min: what we take away",
        ),
        ("Un plan du quartier, des gommettes, du café.", "A map of the neighbourhood, stickers, coffee."),
        ("Aucun nom sur la carte : des rues, des immeubles, des lieux.", "No names on the map: streets, buildings, places."),
    ),
    (
        ("La porte et la rue", "Doors and streets"),
        ("Oser frapper à deux, se présenter, repartir sans insister.", "Dare to knock in a pair, introduce yourselves, leave without insisting."),
        (
            "10 min : nouvelles depuis la dernière fois\n30 min : la première phrase à la porte\n"
            "40 min : jeux de rôle à trois\n15 min : pause\n25 min : marcher et regarder",
            "10 min: news since last time\n30 min: the first sentence at the door\n40 min: role play in threes\n15 min: break\n25 min: walk and look",
        ),
        ("Une feuille de tournée imprimée, des badges.", "A printed round sheet, badges."),
        ("Un refus est une réponse : on remercie et on le note.", "A refusal is an answer: say thank you and note it."),
    ),
    (
        ("Le téléphone et la visite", "Phone calls and visits"),
        ("Appeler sans déranger, rendre une visite de courtoisie.", "Call without disturbing, pay a courtesy visit."),
        (
            "10 min : nouvelles\n30 min : écrire son entrée en matière\n35 min : appels d’essai, dos à dos\n"
            "15 min : pause\n30 min : la visite de courtoisie",
            "10 min: news\n30 min: write one’s opening words\n35 min: trial calls, back to back\n15 min: break\n30 min: the courtesy visit",
        ),
        ("Deux chaises dos à dos, un exemple d’entrée en matière.", "Two chairs back to back, an example of opening words."),
        ("On laisse des silences : la personne cherche ses mots.", "Leave silences: the person is looking for words."),
    ),
    (
        ("Écouter sans conseiller", "Listening without advising"),
        ("Tenir une rencontre à domicile, en binôme.", "Hold a meeting at home, in a pair."),
        (
            "10 min : nouvelles\n40 min : écouter, reformuler, se taire\n15 min : pause\n"
            "40 min : une première rencontre, jouée\n15 min : le point à deux, après",
            "10 min: news\n40 min: listen, rephrase, be silent\n15 min: break\n40 min: a first meeting, acted out\n"
            "15 min: the pair’s own review, afterwards",
        ),
        ("Une fiche d’observation par trio.", "One observation sheet for each group of three."),
        ("On ne va jamais seule ni seul à une première rencontre.", "Nobody ever goes alone to a first meeting."),
    ),
    (
        ("Les lieux qui aident", "Places that help"),
        ("Connaître les lieux ressources et y accompagner.", "Know the places that help, and go there with someone."),
        (
            "10 min : nouvelles\n45 min : deux partenaires racontent leur accueil\n15 min : pause\n"
            "35 min : trois situations, où aller\n15 min : l’accord de la personne",
            "10 min: news\n45 min: two partners describe how they receive people\n15 min: break\n"
            "35 min: three situations, where to go\n15 min: the person’s agreement",
        ),
        ("La liste des lieux du territoire, deux invités.", "The list of local places, two guests."),
        ("Sans l’accord de la personne, on n’oriente pas.", "Without the person’s agreement, there is no referral."),
    ),
    (
        ("Faire ensemble", "Doing things together"),
        (
            "Ouvrir les activités du collectif et accompagner qui porte un projet.",
            "Open the collective’s activities and support those who carry a project.",
        ),
        (
            "10 min : nouvelles\n30 min : ce que chacune et chacun sait faire\n"
            "40 min : un projet d’habitants, pas à pas\n15 min : pause\n25 min : l’agenda du mois",
            "10 min: news\n30 min: what each of us can do\n40 min: an inhabitants’ project, step by step\n15 min: break\n25 min: the month’s diary",
        ),
        ("De grandes feuilles, des feutres.", "Large sheets of paper, felt pens."),
        ("La personne accompagnée a aussi quelque chose à donner.", "The person who is supported also has something to give."),
    ),
    (
        ("Garder pour soi, prendre soin de soi", "Keeping confidences, taking care of oneself"),
        ("Savoir ce qui se dit, à qui, et reconnaître ses propres limites.", "Know what may be told, to whom, and see one’s own limits."),
        (
            "10 min : nouvelles\n40 min : dire, taire, alerter\n15 min : pause\n"
            "40 min : ce qui m’a pesé, ce qui m’aide\n15 min : qui appeler quand c’est trop",
            "10 min: news\n40 min: tell, keep silent, alert\n15 min: break\n40 min: what weighed on me, what helps me\n"
            "15 min: whom to call when it is too much",
        ),
        ("La charte du collectif, les numéros utiles.", "The collective’s charter, useful numbers."),
        ("Personne n’est obligé de raconter.", "Nobody has to tell their story."),
    ),
    (
        ("Durer ensemble", "Lasting together"),
        (
            "Préparer les permanences, le suivi et la vie de communauté.",
            "Prepare the drop-in sessions, the follow-up and community life.",
        ),
        (
            "10 min : nouvelles\n35 min : la permanence du mois, qui fait quoi\n30 min : prendre des nouvelles dans la durée\n15 min : pause\n"
            "20 min : la journée de vie de communauté\n10 min : remise des attestations",
            "10 min: news\n35 min: the monthly drop-in, who does what\n30 min: staying in touch over time\n15 min: break\n"
            "20 min: the community day\n10 min: handing over the certificates",
        ),
        ("Un calendrier de l’année, les attestations imprimées.", "A calendar of the year, the printed certificates."),
        ("On fixe la première permanence avant de se quitter.", "Set the first drop-in before parting."),
    ),
)
