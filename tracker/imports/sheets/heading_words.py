"""What columns are called in the languages that people keep lists in, by the key that they are.

Besides the keys of `[[event]]`: `due` is `when` of a deadline, and what is empty a program keeps
for itself. Groups are parted by "/", what is as good as another by "|".
"""

from __future__ import annotations

HEADINGS: dict[str, str] = {
    "id": (
        "id|key|uid|issue key|task id|unique id|ref|reference|no|nr|number|nummer|numéro|número|"
        "lfd nr|code|gid|card id|guid|番号|項番|管理番号|キー|識別子|課題キー|編號|编号/issue id|"
        "work item id|row id|#|wbs|outline number|vorgangsnr|ident"
    ),
    "title": (
        "title|task|task name|name|subject|summary|event|event name|event title|milestone|"
        "deliverable|deliverable name|obligation|aufgabe|aufgabenname|titel|betreff|bezeichnung|"
        "vorgang|vorgangsname|ereignis|termin|meilenstein|thema|titre|tâche|tache|nom|"
        "nom de la tâche|objet|intitulé|événement|jalon|livrable|título|titulo|tarea|nombre|"
        "asunto|nombre de tarea|evento|hito|entregable|titolo|attività|nome|oggetto|"
        "scadenza descrizione|tarefa|assunto|taak|naam|onderwerp|件名|タイトル|タスク|タスク名|"
        "名前|名称|作業|作業名|項目|項目名|課題|イベント|案件|案件名|内容|要約|概要|予定|任务|"
        "标题|任務|標題/card name|item|item name|activity|action|action item|what|todo|to do|"
        "primary|primary column|page|topic|maßnahme|aktion|gegenstand|position|action à mener|"
        "acción|actividad|ページ|アクション/contract|agreement|vertrag|contrat|contrato|契約|"
        "契約名|project|projekt|projet|proyecto"
    ),
    "due": (
        "due|due date|due on|due by|due at|deadline|final deadline|date due|duedate|expiry|"
        "expiry date|expires|expires on|expiration|expiration date|valid until|to be done by|"
        "target date|fällig|fällig am|fälligkeit|fälligkeitsdatum|fälligkeitstermin|frist|"
        "fristende|frist bis|zu erledigen bis|abgabe|abgabetermin|stichtag|ablaufdatum|"
        "gültig bis|spätestens|échéance|date d'échéance|date échéance|à rendre le|date limite|"
        "à faire pour le|date d'expiration|vencimiento|fecha de vencimiento|fecha límite|"
        "fecha limite|plazo|fecha de entrega|caduca|scadenza|data di scadenza|termine|vencimento|"
        "data de vencimento|prazo|data limite|vervaldatum|einddatum taak|deadline datum|期限|"
        "期日|締切|締切日|〆切|締め切り|納期|提出期限|完了期限|期限日|有効期限|期限日時|满期|"
        "截止日期|到期日|截止/planned for|baseline due"
    ),
    "when": (
        "when|date|day|event date|on|takes place|date and time|datum|tag|wann|zeitpunkt|"
        "termin am|quand|jour|date de l'événement|fecha|cuándo|cuando|día|data|quando|dag|"
        "wanneer|日付|日時|日|実施日|開催日|予定日|日期"
    ),
    "starts": (
        "starts|start|start date|starts on|start on|begin|begin date|begins|from|valid from|"
        "effective date|commencement|commencement date|planned start|beginn|beginnt|beginnt am|"
        "startdatum|anfang|anfangsdatum|start am|von|ab|gültig ab|beginn am|début|debut|"
        "date de début|commence|du|à partir du|inicio|fecha de inicio|comienzo|empieza|desde|"
        "inizio|data inizio|data di inizio|início|data de início|dal|begindatum|van|開始|開始日|"
        "開始日時|着手日|開始予定日|契約開始日|開始日付|开始日期"
    ),
    "ends": (
        "ends|end|end date|ends on|until|to|finish|finish date|valid to|termination date|"
        "planned finish|planned end|ende|enddatum|endet|endet am|bis|fertigstellung|"
        "fertig stellen|ende am|fin|date de fin|termine le|jusqu'au|au|fecha de fin|final|"
        "termina|hasta|fecha fin|fine|data fine|data di fine|fim|data de término|término|al|"
        "einde|einddatum|tot|終了|終了日|終了日時|完了予定日|終了予定日|契約終了日|満了日|"
        "終了日付|结束日期"
    ),
    "start time": (
        "start time|begins at|beginnt um|startzeit|anfangszeit|heure de début|hora de inicio|"
        "hora de comienzo|開始時刻|開始時間"
    ),
    "end time": (
        "end time|ends at|endet um|endzeit|heure de fin|hora de finalización|hora de fin|"
        "終了時刻|終了時間"
    ),
    "all day": "all day event|all day|ganztägiges ereignis|ganztägig|toute la journée|終日"
    "|終日イベント",
    "time": "time|due time|uhrzeit|zeit|heure|hora|ora|tijd|時刻|時間",
    "timezone": "timezone|time zone|tz|tzid|zeitzone|fuseau horaire|fuseau|zona horaria"
    "|huso horario|fuso orario|fuso horário|tijdzone|タイムゾーン|標準時|时区|時區",
    "lasts": (
        "lasts|duration|length|term|dauer|laufzeit|durée|duration (days)|duración|durata|duração|"
        "duur|期間|所要期間|所要日数|日数|契約期間|期间/duration (weeks)|duration (months)|"
        "dauer (tage)|dauer (wochen)|dauer (monate)|duration days"
    ),
    "repeats": (
        "repeats|repeat|recurrence|recurring|frequency|every|wiederholung|wiederholt sich|turnus|"
        "intervall|periodizität|récurrence|répétition|fréquence|repetición|repetir|frecuencia|"
        "ricorrenza|herhaling|繰り返し|繰返し|頻度|周期"
    ),
    "status": (
        "status|state|progress|task status|column|list|list name|section/column|bucket name|"
        "zustand|stand|fortschritt|statut|état|etat|avancement|estado|situación|progreso|stato|"
        "situação|状態|状況|ステータス|進捗|进度|状态|リスト/% complete|percent complete|"
        "complete|% abgeschlossen|is complete|進捗率|達成率|% achevé"
    ),
    "occurred": (
        "occurred|done on|completed on|completed at|completed date|completion date|"
        "date completed|date done|actual date|closed on|closed date|closed at|resolved|"
        "actual finish|done date|finished on|erledigt am|abgeschlossen am|fertig am|"
        "erledigungsdatum|abschlussdatum|fait le|terminé le|achevé le|date de réalisation|"
        "hecho el|completado el|fecha de finalización|finalizado el|completato il|concluído em|"
        "afgerond op|完了日|完了日時|実施済日|実績日|終了実績日|完成日期/done"
        "|due complete|is done|completed|finished|"
        "erledigt|abgeschlossen|fertig|fait|terminé|hecho|completado|finalizado|completato|"
        "concluído|gereed|完了|済"
    ),
    "started": (
        "started|started on|actual start|begonnen am|tatsächlicher anfang|commencé le|"
        "iniciado el|開始実績日|着手実績日"
    ),
    "ended": "ended|ended on|beendet am|terminado el",
    "withdrawn": (
        "withdrawn|withdrawn on|cancelled on|canceled on|cancelled date|storniert am|abgesagt am|"
        "annulé le|cancelado el|取消日|中止日|取下げ日"
    ),
    "parties": (
        "parties|party|assign|owner|assignee|assigned to"
        "|assignee name|responsible|responsible person|"
        "who|person|assignees|members|resource|resource names|counterparty|lead|assigned|contact|"
        "verantwortlich|verantwortliche|verantwortlicher|zuständig|zuständige|bearbeiter|wer|"
        "zugewiesen an|besitzer|ressourcennamen|partei|parteien|responsable|assigné à|attribué à|"
        "qui|propriétaire|asignado a|asignado|propietario|encargado|responsabile|assegnato a|"
        "responsável|eigenaar|verantwoordelijke|担当|担当者|担当者名|責任者|所有者|割り当て先|"
        "当事者|负责人|負責人"
    ),
    "tags": (
        "tags|tag|labels|label|category|categories|type|area|topic area|kind|kategorie|"
        "kategorien|etiketten|schlagwörter|schlagworte|art|typ|bereich|catégorie|catégories|"
        "étiquettes|étiquette|categoría|categorías|categoria|etiquetas|tipo|etichette|categorie|"
        "種別|種類|分類|タグ|カテゴリ|カテゴリー|ラベル|区分|类别|标签"
    ),
    "note": (
        "note|notes|comment|comments|remark|remarks|description|details|memo|body|notiz|notizen|"
        "bemerkung|bemerkungen|kommentar|kommentare|beschreibung|anmerkung|anmerkungen|hinweis|"
        "remarque|remarques|commentaire|commentaires|nota|notas|observaciones|comentario|"
        "comentarios|descripción|descrizione|commento|descrição|observação|opmerking|opmerkingen|"
        "omschrijving|備考|メモ|コメント|説明|詳細|注記|特記事項|备注|描述|card description"
        "/location|place|where|ort|lieu|lugar|luogo|場所|会場"
    ),
    "url": (
        "url|link|web link|href|permalink|webseite|adresse web|lien|enlace|リンク|链接|card url"
    ),
    "source": (
        "source|clause|article|legal basis|contract clause|quelle|klausel|artikel|"
        "rechtsgrundlage|clausule|fuente|cláusula|artículo|出典|条項|根拠|条文"
    ),
    "quote": "quote|wording|text of clause|zitat|wortlaut|citation|cita|引用|原文",
    "calendar": "calendar",
    "roll": "roll",
    "renews": "renews",
    "during": "during",
    "was": "was",
    "reminders": "reminders",
    "counting": "counting",
    "": (
        "created|created at|created on|created time|created date|date created|updated|updated at|"
        "last modified|last modified time|modified|modified date|last edited time|last updated|"
        "last activity date|last viewed|erstellt|erstellt am|erstellungsdatum|geändert|"
        "geändert am|zuletzt geändert|créé le|modifié le|date de création|creado|creado el|"
        "fecha de creación|作成日|作成日時|更新日|更新日時|最終更新日時|登録日|created by|"
        "modified by|row number"
    ),
}
