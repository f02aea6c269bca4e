package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
)

// code names a kind of problem for programs; a code never changes its meaning.
type code string

const (
	codeAnswerMissing    code = "answer-missing"
	codeAnswerTooLong    code = "answer-too-long"
	codeArchiveMissing   code = "archive-missing"
	codeBodyInvalid      code = "body-invalid"
	codeBodyTooLarge     code = "body-too-large"
	codeDiskFull         code = "disk-full"
	codeHintsExhausted   code = "hints-exhausted"
	codeHostUnknown      code = "host-unknown"
	codeInternal         code = "internal"
	codeLoginNeeded      code = "login-needed"
	codeMethodNotAllowed code = "method-not-allowed"
	codeNameInvalid      code = "name-invalid"
	codeNotFound         code = "not-found"
	codeNotReady         code = "not-ready"
	codeOriginForeign    code = "origin-foreign"
	codePlaceInvalid     code = "place-invalid"
	codeRestoreFailed    code = "restore-failed"
	codeSessionBusy      code = "session-busy"
	codeSessionEnded     code = "session-ended"
	codeSessionLimit     code = "session-limit"
	codeSessionLongest   code = "session-longest"
	codeSessionNotReady  code = "session-not-ready"
	codeSizeInvalid      code = "size-invalid"
	codeTimedOut         code = "timed-out"
	codeUpgradeNeeded    code = "upgrade-needed"
)

// words are what a problem says.
type words struct {
	status        int
	title, detail labs.Text
}

func say(status int, title, detail, titleZH, detailZH string) words {
	return words{status: status,
		title:  labs.Text{labs.English: title, labs.TraditionalChinese: titleZH},
		detail: labs.Text{labs.English: detail, labs.TraditionalChinese: detailZH}}
}

var problems = map[code]words{
	codeAnswerMissing: say(http.StatusBadRequest, "Answer missing", "This step asks a question: send the answer along.",
		"缺少答案", "這個步驟有問題要回答，請一併送出答案。"),
	codeAnswerTooLong: say(http.StatusBadRequest, "Answer too long", "An answer may have at most 4096 bytes.",
		"答案太長", "答案最多 4096 個位元組。"),
	codeArchiveMissing: say(http.StatusNotFound, "No saved work", "Nothing of this session can be downloaded, or not yet. What you made is saved when a lab "+
		"ends that was running, which takes a few seconds, or up to five minutes where the cluster does not answer, and is kept for 30 days.",
		"沒有保存的內容", "這個 lab 沒有可以下載的內容，或還沒準備好。執行中的 lab 結束時會保存你完成的內容，通常只要幾秒；叢集沒有回應時最多五分鐘。內容會保留 30 天。"),
	codeBodyInvalid: say(http.StatusBadRequest, "Request not understood", "The request's body is not the JSON object expected here.",
		"無法理解請求", "請求內容不是這裡需要的 JSON 物件。"),
	codeBodyTooLarge: say(http.StatusRequestEntityTooLarge, "Request too large", "A request's body may have at most 64 KiB.",
		"請求太大", "請求內容最多 64 KiB。"),
	codeDiskFull: say(http.StatusInsufficientStorage, "Disk full", "The server's disk is full, so this could not be saved. What was saved before is safe, "+
		"and your lab goes on. Tell whoever runs the server, and try again when there is room.",
		"磁碟已滿", "伺服器的磁碟已滿，這次無法儲存。先前儲存的內容都在，你的 lab 也照常進行。請通知管理伺服器的人，等空出空間後再試一次。"),
	codeHintsExhausted: say(http.StatusConflict, "No further hint", "You have been given every hint of this step.",
		"沒有更多提示", "這個步驟的提示都已經給你了。"),
	codeHostUnknown: say(http.StatusMisdirectedRequest, "Unknown host", "This server does not answer under this host name and port. "+
		"Use the address it printed when it started, or start it with --host and the name.",
		"未知的主機名稱", "這個伺服器不以這個主機名稱與連接埠提供服務。請使用啟動時顯示的網址，或以 --host 加上名稱啟動。"),
	codeInternal: say(http.StatusInternalServerError, "Something went wrong", "This is our fault, not yours. The server's log says more.",
		"發生錯誤", "這是我們的問題，不是你的。伺服器日誌有更多資訊。"),
	codeLoginNeeded: say(http.StatusUnauthorized, "Login needed", "Log in first: POST /api/v1/logins gives a token.",
		"需要登入", "請先登入：POST /api/v1/logins 會給你權杖。"),
	codeMethodNotAllowed: say(http.StatusMethodNotAllowed, "Method not allowed", "This address does not answer to this method.",
		"不支援的方法", "這個網址不支援這個方法。"),
	codeNameInvalid: say(http.StatusBadRequest, "Name not usable", "A name has 1 to 100 printable characters.",
		"名稱無法使用", "名稱須為 1 到 100 個可顯示的字元。"),
	codeNotFound: say(http.StatusNotFound, "Not found", "There is nothing here, or it is not yours.",
		"找不到", "這裡沒有內容，或不屬於你。"),
	codeNotReady: say(http.StatusServiceUnavailable, "Not ready", "The server cannot serve labs at the moment.",
		"尚未就緒", "伺服器目前無法提供 lab。"),
	codeOriginForeign: say(http.StatusForbidden, "Foreign origin", "The request came from a page that is not ours, or did not say where it came from.",
		"來源不符", "這個請求來自其他網站的頁面，或沒有說明來源。"),
	codeRestoreFailed: say(http.StatusConflict, "Not restored", "The starting point could not be restored. Try once more; if it fails again, reset the lab.",
		"無法還原", "無法還原起點。請再試一次；如果還是不行，請重設 lab。"),
	codeSessionBusy: say(http.StatusConflict, "Cluster busy", "Your cluster is being reset or restored just now. Try again when that is done.",
		"叢集忙碌中", "你的叢集正在重設或還原，請等完成後再試一次。"),
	codeSessionEnded: say(http.StatusConflict, "Session ended", "This session has ended. Start the lab again for a new one.",
		"lab 已結束", "這個 lab 已結束。請重新開始，以取得新的叢集。"),
	codeSessionLimit: say(http.StatusConflict, "Too many sessions", "You have as many open sessions as are allowed. End one of them first.",
		"進行中的 lab 太多", "你進行中的 lab 已達上限。請先結束其中一個。"),
	codeSessionLongest: say(http.StatusConflict, "No more time", "This lab has been extended as far as is allowed here. Finish what you are working on, or start the lab again when it has ended.",
		"無法再延長", "這個 lab 已達可延長的上限。請把手上的部分做完，或在結束後重新開始。"),
	codeSessionNotReady: say(http.StatusConflict, "Session not ready", "The session's cluster is not ready yet.",
		"叢集尚未就緒", "這個 lab 的叢集尚未就緒。"),
	codePlaceInvalid: say(http.StatusBadRequest, "Place not usable", "viewer is a name of 1 to 64 characters, run what the server said, output a whole number from 0.",
		"位置無法使用", "viewer 須為 1 到 64 個字元的名稱，run 須為伺服器給的值，output 須為 0 以上的整數。"),
	codeSizeInvalid: say(http.StatusBadRequest, "Size not usable", "cols and rows are whole numbers from 1 to 1000.",
		"大小無法使用", "cols 與 rows 須為 1 到 1000 的整數。"),
	codeTimedOut: say(http.StatusGatewayTimeout, "Took too long", "The cluster did not answer in time. Try again.",
		"等候逾時", "叢集沒有及時回應。請再試一次。"),
	codeUpgradeNeeded: say(http.StatusUpgradeRequired, "Websocket needed", "Terminals are websockets: use a websocket client.",
		"需要 WebSocket", "終端機使用 WebSocket，請改用 WebSocket 用戶端。"),
}
