//! The replies in French.

use super::Reply;

pub(super) const fn text(reply: Reply) -> &'static str {
    match reply {
        Reply::WhoAreYou => {
            "Bonjour,\n\nmerci pour votre message. Avant d'examiner des paiements, nous devons être sûrs d'écrire à la personne titulaire du compte. Merci de nous réécrire depuis l'adresse e-mail du compte, en indiquant le numéro de facture ou la date et le montant concernés. N'envoyez ni numéro de carte ni mot de passe.\n\nCordialement\nLe support"
        }
        Reply::WhichCharge => {
            "Bonjour,\n\nmerci pour votre message. Nous voulons examiner exactement le bon paiement et n'avons pas pu savoir duquel il s'agit. Merci de nous indiquer le numéro de facture, ou la date et le montant exact tels qu'ils figurent sur votre relevé, et si votre demande porte sur la totalité ou une partie. N'envoyez pas de numéro de carte.\n\nCordialement\nLe support"
        }
        Reply::AlreadyRefunded => {
            "Bonjour,\n\nmerci pour votre message. Le paiement que vous citez apparaît chez nous comme remboursé en totalité. Selon la banque, un remboursement peut mettre plusieurs jours ouvrés à apparaître sur un relevé. S'il manque encore après dix jours ouvrés, merci de nous indiquer la date et le montant figurant sur votre relevé, et nous chercherons avec vous.\n\nCordialement\nLe support"
        }
        Reply::NotAmongYours => {
            "Bonjour,\n\nmerci pour votre message. Nous avons cherché le paiement que vous citez parmi ceux du compte lié à votre adresse e-mail, et il n'y figure pas. Si vous payez aussi depuis un autre compte, merci de nous écrire depuis l'adresse de ce compte. Si vous ne reconnaissez pas un paiement sur votre relevé, votre banque peut vous renseigner. Nous ne parlons de paiements qu'avec la personne titulaire du compte. N'envoyez pas de numéro de carte.\n\nCordialement\nLe support"
        }
        Reply::Billing => {
            "Bonjour,\n\nmerci pour votre question sur la facturation. Elle est entre les mains de notre équipe de facturation. Si ce n'est pas déjà fait, le numéro de facture et la période concernée nous aideront. N'envoyez pas de numéro de carte.\n\nCordialement\nLe support"
        }
        Reply::Ending => {
            "Bonjour,\n\nnous regrettons d'en être arrivés là et vous prions d'excuser l'attente. Votre demande de mettre fin à l'abonnement est entre les mains de notre équipe de facturation. Tant que vous ne lisez pas ici qu'il a pris fin, rien n'a changé sur votre compte. S'il y a autre chose à savoir, par exemple à partir de quel jour il doit se terminer, répondez simplement à ce message. Vous n'avez pas besoin d'envoyer de numéro de carte ni de compte.\n\nCordialement\nLe support"
        }
        Reply::WhichSubscription => {
            "Bonjour,\n\nnous regrettons que vous souhaitiez nous quitter et avons noté votre demande. Pour mettre fin au bon abonnement, merci de nous écrire depuis l'adresse e-mail du compte, d'indiquer la formule ou l'espace de travail, et de préciser s'il doit se terminer maintenant ou à la fin de la période déjà payée.\n\nCordialement\nLe support"
        }
        Reply::Password => {
            "Bonjour,\n\nvous pouvez choisir vous-même un nouveau mot de passe. Ouvrez la page de connexion, choisissez \"Mot de passe oublié\" et saisissez l'adresse e-mail de votre compte. Vous recevrez un lien valable une fois. Si rien n'arrive après quelques minutes, regardez dans les courriers indésirables et vérifiez qu'il s'agit de l'adresse du compte. Nous n'avons jamais besoin de votre mot de passe ; ne nous l'envoyez pas. Si cela ne fonctionne toujours pas, répondez simplement à ce message.\n\nCordialement\nLe support"
        }
        Reply::ResetMail => {
            "Bonjour,\n\nmerci de nous l'avoir signalé ; nous regrettons que le message de réinitialisation ne vous parvienne pas. Merci de vérifier que vous le demandez avec l'adresse du compte et qu'aucun filtre ni la messagerie de votre entreprise ne le retient. Pour que nous puissions le chercher de notre côté, dites-nous quand vous l'avez demandé pour la dernière fois et si vous pouvez encore lire cette boîte. Nous n'avons jamais besoin d'un mot de passe ni d'un code ; ne nous les envoyez pas.\n\nCordialement\nLe support"
        }
        Reply::Access => {
            "Bonjour,\n\nmerci de nous signaler que vous n'arrivez pas à vous connecter. Nous l'examinons. Il nous aide de savoir quand cela fonctionnait encore, si d'autres personnes sont touchées, et le texte exact du message affiché. N'envoyez ni mot de passe ni code de vérification ; personne chez nous ne vous les demandera.\n\nCordialement\nLe support"
        }
        Reply::LeakedSecret => {
            "Bonjour,\n\nmerci de nous avoir prévenus. Une clé ou un mot de passe que d'autres ont pu voir doit être considéré comme connu. Merci de le révoquer tout de suite, d'en créer un nouveau, de le remplacer partout où il sert et de vérifier vos activités récentes. Ne nous envoyez pas le nouveau. Nous traitons ce point comme une affaire de sécurité.\n\nCordialement\nLe support"
        }
        Reply::Incident => {
            "Bonjour,\n\nmerci de nous l'avoir signalé si vite. Nous le traitons comme une affaire de sécurité. En attendant, changez votre mot de passe depuis un appareil de confiance, fermez toutes les autres sessions et activez la vérification en deux étapes. Conservez les messages suspects et dites-nous quand vous l'avez remarqué. N'envoyez ni mot de passe ni code.\n\nCordialement\nLe support"
        }
        Reply::Deletion => {
            "Bonjour,\n\nnous avons bien reçu votre demande concernant vos données personnelles. Avant toute action, il doit être certain qu'elle vient de la personne titulaire du compte ; merci d'écrire depuis l'adresse e-mail du compte. Si vous ne visez qu'une partie des données, dites-nous laquelle. N'envoyez pas de copie de document sans que nous le demandions.\n\nCordialement\nLe support"
        }
        Reply::Outage => {
            "Bonjour,\n\nmerci de nous avoir prévenus. Nous prenons ce point au sérieux et l'examinons. Si possible, dites-nous depuis quand vous le constatez, quelle partie est touchée, combien de personnes ne peuvent pas travailler, et le message d'erreur exact. Merci de répondre dans ce ticket, pour que tout reste au même endroit.\n\nCordialement\nLe support"
        }
        Reply::Bug => {
            "Bonjour,\n\nmerci pour ce signalement ; cela ne devrait pas arriver. Pour que nous puissions le reproduire, merci de nous indiquer les étapes, ce que vous attendiez, ce que vous avez vu, et votre navigateur ou la version de l'application. Une capture sans données personnelles nous aide. Merci de répondre dans ce ticket, pour que tout reste au même endroit.\n\nCordialement\nLe support"
        }
        Reply::HowTo => {
            "Bonjour,\n\nmerci pour votre question. Elle est entre les mains de notre support. Pour vous donner les étapes exactes, il nous aide de savoir sur quelle page vous êtes et ce que vous voulez obtenir. Si un message d'erreur s'affiche, merci de nous en envoyer le texte.\n\nCordialement\nLe support"
        }
        Reply::Feature => {
            "Bonjour,\n\nmerci pour cette suggestion. Nous l'avons notée dans ce ticket. Nous ne pouvons pas encore dire si elle sera réalisée ni quand, mais de telles demandes aident à décider de la suite. Si vous le souhaitez, dites-nous ce que vous voulez accomplir et comment vous faites aujourd'hui.\n\nCordialement\nLe support"
        }
        Reply::Other => {
            "Bonjour,\n\nmerci pour votre message. Nous l'avons bien reçu, et quelqu'un de notre équipe l'a sous les yeux. Si possible, précisez ce que vous attendez de nous et, s'il s'agit d'une commande, d'une facture ou d'une page, laquelle. N'envoyez ni mot de passe ni numéro de carte.\n\nCordialement\nLe support"
        }
    }
}
