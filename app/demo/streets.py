"""Areas of the demonstration's rounds, invented; the last two are today's and a later one."""

AREAS: dict[str, tuple[str, ...]] = {
    "saint-mars-du-desert": ("Place du marché", "Rue des Lilas", "Les Peupliers", "Impasse du Lavoir", "Rue du Moulin", "Chemin des Vignes", "Les Tilleuls", "Rue de l’Étang"),
    "nantes-ranzay": ("Place des Tisserands", "Tour des Aulnes", "Allée des Cormorans", "Tour des Bouleaux", "Rue du Vieux-Puits", "Allée des Martinets", "Tour des Sorbiers", "Square des Fontaines"),
    "homecourt": ("Place de la Mine", "Cité du Haut-Fourneau", "Rue des Lamineurs", "Cité des Mésanges", "Rue de la Passerelle", "Rue du Crassier", "Cité des Forges", "Rue de l’Orne"),
    "lormes": ("Place du Lavoir", "Rue des Sabotiers", "Hameau des Prés", "Rue du Panorama", "Hameau de la Croix", "Rue des Charrons", "Rue de la Fontaine", "Hameau du Bois"),
    "lorient-kervenanec": ("Place du Phare", "Rue des Goélands", "Tour Belle-Île", "Rue des Voiliers", "Tour Houat", "Rue du Grand-Large", "Tour Hoëdic", "Rue des Embruns"),
}
